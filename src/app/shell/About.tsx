import { useApp } from '../client/context';
import { aboutStudy } from '../state/about-study';
import type { Staleness } from '../state/stale';

/** Says what the shown study is about, as long as nothing in it was edited, and where all of it is explained. */
export function About({ stale }: { stale: Staleness }) {
  const study = useApp(({ view }) => view?.study);
  const setUi = useApp((state) => state.setUi);
  const text = study && stale.count === 0 && aboutStudy(study);
  if (!text) return null;
  return (
    <p className="about muted">
      {text}{' '}
      <button type="button" className="quiet-button" onClick={() => setUi({ help: true })}>
        What is this page?
      </button>
    </p>
  );
}
