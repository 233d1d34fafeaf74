import type { Reported } from '../../lab/results/report/reported';
import type { RunOutcome } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { LETHE_VERSION } from '../../lab/version';
import { isOfStudy } from './pane-views';
import { isFinished, isFinishedRun, type RunView, type View } from './view';

/** What is shown, under the name that the top bar gives its study, for a report: models without all their numbers are left out. */
export function reportOfView(view: View, study: Study): Reported {
  const { device, finished, forget, runs, tuned } = view;
  const failed = runs.flatMap(({ id, failure }) => (failure === undefined ? [] : [{ id, message: failure }]));
  return {
    study: isOfStudy(view.study, study) ? { ...view.study, name: study.name } : view.study,
    device,
    finished,
    version: versionOf(view),
    originals: view.originals.filter(isFinished),
    oracles: view.oracles.filter(isFinished),
    runs: runs
      .filter(isFinishedRun)
      .map(({ failure: _, ...run }: RunOutcome & Pick<RunView, 'failure'>) => run),
    ...(failed.length > 0 && { failed }),
    ...(tuned && { tuned }),
    ...(forget && { detail: { forget } }),
  };
}

/** Which Lethe computed what is shown, where that is known. */
export function versionOf({ origin, version }: Pick<View, 'origin' | 'version'>): string | undefined {
  return version ?? (origin === 'live' ? LETHE_VERSION : undefined);
}
