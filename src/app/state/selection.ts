import { selectsEverything } from '../../lab/localize';
import { stages } from '../../lab/stages';
import type { AppState } from './store';
import type { CurvesOf } from './ui-slice';
import type { ModelView, RunView, View } from './view';

/** What the panes show together. */
export interface Selection {
  run?: RunView;
  seed: number;
  strategy: string;
  alpha: number;
  curves: CurvesOf;
  /** The run that is being unlearned now. */
  liveRun?: RunView;
}

function activeStage(view: View | undefined) {
  if (view?.origin !== 'live' || (view.state !== 'running' && view.state !== 'paused')) return undefined;
  return view.stages.find((stage) => stage.state === 'running')?.ref;
}

/** The run's curves; where it has none yet, those of what was trained before it. */
function trainedCurves(run: RunView | undefined, view: View | undefined): CurvesOf {
  if (run?.series) return 'run';
  const has = (models: ModelView[] = []) => models.some(({ series }) => series);
  return has(view?.oracles) ? 'oracle' : has(view?.originals) ? 'original' : 'run';
}

/**
 * The reader's choices, completed: where nothing was chosen, what is being computed, or else the first run.
 * @param view what the pane shows that asks
 */
export function selectionOf(
  { run: runId, strategy, alpha, curves }: Pick<AppState, 'run' | 'strategy' | 'alpha' | 'curves'>,
  view: View | undefined,
): Selection {
  const active = activeStage(view);
  const runs = view?.runs ?? [];
  const trains = active && stages.find(active.stage)?.trains;
  const liveRun = trains === 'run' ? runs.find((run) => active?.runs.includes(run.id)) : undefined;
  const run = runs.find((candidate) => candidate.id === runId) ?? liveRun ?? runs[0];
  const seed = run?.seed ?? 0;
  // A run over the whole network has no map and no budget of its own: the first run with a mask speaks for them.
  const hasMask = ({ strategy: id }: RunView) => !selectsEverything(id);
  const masked = run && hasMask(run) ? run : runs.find(hasMask);
  return {
    run,
    seed,
    strategy: strategy ?? masked?.strategy ?? 'del',
    alpha: alpha ?? masked?.alpha ?? 0.3,
    curves: curves ?? trains ?? trainedCurves(run, view),
    liveRun,
  };
}
