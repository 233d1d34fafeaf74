import { presets } from '../../lab/study/presets';
import type { Study } from '../../lab/study/study';
import { useApp } from '../client/context';
import type { Staleness } from '../state/stale';

/** What a study is about, in a sentence or two: a preset's own explanation, or what its author noted. */
export function aboutStudy({ name, note }: Study): string | undefined {
  return presets.find(({ label }) => label === name)?.explanation ?? note;
}

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
