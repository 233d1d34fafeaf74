import { useApp } from '../client/context';
import { aboutStudy } from '../state/about-study';
import { outcomeSentence } from '../state/outcome-sentence';
import { isOfStudy, viewOfPane } from '../state/pane-views';
import { LookBack } from './LookBack';

/** Says what the study asks, and what came out, from the numbers that the runs table shows; and where all of it is explained. */
export function About() {
  const study = useApp((state) => state.study);
  const shown = useApp((state) => viewOfPane('runs', state));
  const setUi = useApp((state) => state.setUi);
  const asked = aboutStudy(study);
  const outcome = shown && outcomeSentence(shown);
  const whose = shown && !isOfStudy(shown.study, study) ? `“${shown.study.name}”: ` : '';
  return (
    <div className="about">
      <p className="muted">
        {asked && (
          <span className="asked" title={asked}>
            {asked}
          </span>
        )}{' '}
        {outcome && (
          <span className="outcome" title={outcome}>
            {whose}
            {outcome}
          </span>
        )}{' '}
        <button type="button" className="quiet-button" onClick={() => setUi({ help: true })}>
          What is this page?
        </button>
      </p>
      <LookBack />
    </div>
  );
}
