import { useState } from 'react';
import { bytesText } from '../../../lab/format';
import type { LibraryUsage } from '../../../lab/library/library-api';
import { MOST_KEPT } from '../../../lab/library/surplus';
import { mayEvict, setMayEvict } from '../../client/library-keeper';

interface StorageNoteProps {
  usage?: LibraryUsage;
  /** A study is at work, here or in another tab: its artifacts are needed. */
  busy: boolean;
  onClear: () => void;
}

/** What the studies take on the disk, and what is done when there is too little room. */
export function StorageNote({ usage, busy, onClear }: StorageNoteProps) {
  const [evicts, setEvicts] = useState(mayEvict);
  const [asks, setAsks] = useState(false);
  return (
    <div className="library-storage">
      {usage && usage.results + usage.artifacts > 0 && (
        <p className="muted">
          On this disk: results {bytesText(usage.results)}
          {usage.artifacts > 0 && <>, trained weights, scores and masks {bytesText(usage.artifacts)}</>}
          {usage.quota !== undefined && <>, of the {bytesText(usage.quota)} that the browser grants</>}.{' '}
          {usage.artifacts > 0 && (
            <span className="storage-actions">
              {/* The same button asks and takes it back, so that the focus stays. */}
              <button type="button" className="quiet-button" disabled={busy} onClick={() => setAsks(!asks)}>
                {asks ? 'Keep the weights' : 'Delete the weights'}
              </button>
              {asks && !busy && (
                <button
                  type="button"
                  className="quiet-button"
                  onClick={() => {
                    setAsks(false);
                    onClear();
                  }}
                >
                  Delete: results stay, runs begin anew
                </button>
              )}
            </span>
          )}
        </p>
      )}
      <label className="muted library-evicts">
        <input
          type="checkbox"
          checked={evicts}
          onChange={({ currentTarget }) => {
            setMayEvict(currentTarget.checked);
            setEvicts(currentTarget.checked);
          }}
        />
        Delete the oldest when there are more than {MOST_KEPT.results} results or {bytesText(MOST_KEPT.bytes)}
        , or the browser has no space left. Pinned ones stay.
      </label>
    </div>
  );
}
