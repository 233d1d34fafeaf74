import { useEffect, useState } from 'react';
import { bytesText } from '../../../../lab/format';
import { useApp } from '../../../client/context';
import { clearKept, type KeptAmount, keptAmount, MOST_KEPT } from '../../../client/kept-results';
import { count } from '../../../ui/format';

/** How many results this browser keeps, and the way to delete them; nothing while there are none. */
export function KeptResults() {
  const notify = useApp((state) => state.notify);
  const [kept, setKept] = useState<KeptAmount>();
  const [asks, setAsks] = useState(false);
  useEffect(() => {
    keptAmount().then(setKept);
  }, []);
  if (!kept || kept.results === 0) return null;
  const clear = async () => {
    setAsks(false);
    await clearKept().catch((error: Error) =>
      notify(`The kept results could not be deleted: ${error.message}`),
    );
    setKept(await keptAmount());
  };
  const results = kept.results === 1 ? 'result' : 'results';
  return (
    <section className="kept-results" aria-label="Kept results">
      <strong>Kept in this browser</strong>
      <p className="muted">
        {count(kept.results)} {results}, {bytesText(kept.bytes)}, shown again when their study is opened.
        Beyond {MOST_KEPT.results} or {bytesText(MOST_KEPT.bytes)} the oldest are deleted.
      </p>
      <div className="kept-actions">
        {/* The same button asks and takes it back, so that the focus stays. */}
        <button type="button" className="button" onClick={() => setAsks(!asks)}>
          {asks ? 'Keep' : `Delete the kept ${results}`}
        </button>
        {asks && (
          <button type="button" className="button" onClick={clear}>
            Delete {kept.results === 1 ? 'it' : `all ${count(kept.results)}`}
          </button>
        )}
      </div>
    </section>
  );
}
