import { alphaText } from '../../lab/format';
import { useApp } from '../client/context';
import { useSelection } from '../client/use-selection';
import { CostNote } from '../panels/cost/CostNote';
import { adoptAlpha, nothingToAdopt } from '../state/adopt-alpha';
import { isOfStudy, viewBefore } from '../state/pane-views';
import { progressText, provenance } from '../state/run-state';
import type { View } from '../state/view';
import { ProgressBar } from '../ui/ProgressBar';

/** The progress of a running study; otherwise where the numbers come from and what a run would take. */
export function StudyStatus() {
  const study = useApp((state) => state.study);
  const view = useApp((state) => state.view);
  const shown = useApp((state) => (state.lookBack ? viewBefore(state) : undefined)) ?? view;
  const unrecorded = useApp((state) => state.unrecorded);
  const progress = progressText(view);
  const named = (of: View | undefined) =>
    of && !isOfStudy(of.study, study) ? ` · of “${of.study.name}”` : '';
  const awaited = useApp((state) => state.awaited);
  const origin = awaited ? 'loading what is recorded …' : `${provenance(shown, unrecorded)}${named(shown)}`;
  if (!progress)
    return (
      <span className="status muted">
        <CostNote />
        <span className="provenance" title={origin}>
          {origin}
        </span>
        <AdoptAlpha />
      </span>
    );
  return (
    <span className="status muted">
      <ProgressBar label="Progress of the study" share={progress.share} />
      <span className="provenance" title={`${progress.text}${named(view)}`}>
        {progress.text}
        {named(view)}
      </span>
    </span>
  );
}

/** The handle on the map only previews a mask; this takes its budget over into the study. */
function AdoptAlpha() {
  const study = useApp((state) => state.study);
  const alpha = useApp((state) => state.alpha);
  const editStudy = useApp((state) => state.editStudy);
  const { strategy } = useSelection();
  if (alpha === undefined || nothingToAdopt(study, strategy, alpha)) return null;
  return (
    <button
      type="button"
      className="quiet-button"
      onClick={() => editStudy(adoptAlpha(study, strategy, alpha))}
    >
      Use α {alphaText(alpha)} in the study
    </button>
  );
}
