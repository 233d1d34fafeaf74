import { useCallback, useMemo } from 'react';
import { isStageOf } from '../../lab/plan/stage-planning';
import { groupRuns } from '../../lab/results/run-groups';
import { registries } from '../../lab/session/all-registries';
import { unlearn } from '../../lab/stages/unlearn';
import type { Study } from '../../lab/study/study';
import { Curves } from '../panels/curves/Curves';
import { runName } from '../panels/run-groups';
import { RunsTable } from '../panels/runs-table/RunsTable';
import { TradeOff } from '../panels/trade-off/TradeOff';
import { useApp, useController } from '../state/context';
import { knownPlan } from '../state/known-plan';
import type { ModelView } from '../state/view';
import { useSelection } from './use-selection';

const NONE: never[] = [];

/** How many epochs a run will have; undefined where the study names something that is not known here. */
function epochsOf(study: Study | undefined, runId: string | undefined): number | undefined {
  const stages = (study && knownPlan(study)?.stages) ?? [];
  const unlearning = stages.filter((stage) => isStageOf(unlearn, stage));
  return unlearning.find(({ runs }) => runs.includes(runId ?? ''))?.recipe.epochs;
}

const ofSeed = (models: ModelView[] | undefined, seed: number) =>
  models?.find((model) => model.seed === seed);
const lastEpoch = (model: ModelView | undefined) => model?.series?.points.at(-1)?.epoch ?? 1;

/** Accuracy and loss of the selected run, its original, or its oracle. */
export function CurvesPane() {
  const { run, seed, curves } = useSelection();
  const view = useApp((state) => state.view);
  const setUi = useApp((state) => state.setUi);
  const study = view?.study;
  const runs = view?.runs ?? NONE;
  const runEpochs = useMemo(() => epochsOf(study, run?.id), [study, run?.id]);
  const fallback = lastEpoch(run);
  const epochs = useMemo(
    () => ({
      run: runEpochs ?? fallback,
      original: study?.pretrain.epochs ?? 1,
      oracle: study?.oracle.epochs ?? 1,
    }),
    [runEpochs, fallback, study],
  );
  return (
    <Curves
      run={run}
      runLabel={useMemo(() => run && runName(run, runs), [run, runs])}
      original={ofSeed(view?.originals, seed)}
      oracle={ofSeed(view?.oracles, seed)}
      epochs={epochs}
      shown={curves}
      onShown={useCallback((next) => setUi({ curves: next }), [setUi])}
    />
  );
}

/** Selecting a run lets the map and the curves follow it. */
function useSelectRun(): (id: string) => void {
  const setUi = useApp((state) => state.setUi);
  return useCallback(
    (id) => setUi({ run: id, strategy: undefined, alpha: undefined, curves: 'run' }),
    [setUi],
  );
}

/** Usefulness against forgetting, all runs that are not hidden. */
export function PlanePane() {
  const { run, liveRun } = useSelection();
  const view = useApp((state) => state.view);
  const hidden = useApp((state) => state.marks.hidden);
  const runs = useMemo(() => {
    const groups = groupRuns(view?.runs ?? NONE);
    return groups.filter(({ key }) => !hidden.includes(key)).flatMap((group) => group.runs);
  }, [view?.runs, hidden]);
  return (
    <TradeOff
      originals={view?.originals ?? NONE}
      oracles={view?.oracles ?? NONE}
      runs={runs}
      liveRun={liveRun}
      selected={run?.id}
      onSelect={useSelectRun()}
    />
  );
}

const ARTIFACTS = [
  { what: 'run', label: 'weights of the run' },
  { what: 'mask', label: 'its mask' },
  { what: 'scores', label: 'its scores' },
  { what: 'original', label: 'weights of the original' },
  { what: 'oracle', label: 'weights of the oracle' },
] as const;

/** Every number of every run, and its files where it was computed here. */
export function RunsPane() {
  const { run } = useSelection();
  const view = useApp((state) => state.view);
  const marks = useApp((state) => state.marks);
  const setUi = useApp((state) => state.setUi);
  const deleteRuns = useApp((state) => state.deleteRuns);
  const own = view?.origin === 'live' && view.state !== 'running' && view.state !== 'paused';
  const controller = useController();
  const chosen = own ? run?.id : undefined;
  const artifacts = useMemo(
    () =>
      ARTIFACTS.map(({ what, label }) => ({
        label,
        save: () => controller.saveArtifact(what, chosen ?? ''),
      })),
    [controller, chosen],
  );
  return (
    <RunsTable
      originals={view?.originals ?? NONE}
      oracles={view?.oracles ?? NONE}
      runs={view?.runs ?? NONE}
      classNames={registries.sources.find(view?.study.data.source ?? '')?.classes ?? NONE}
      selected={run?.id}
      onSelect={useSelectRun()}
      marks={marks}
      onMarks={useCallback((next) => setUi({ marks: next }), [setUi])}
      canDelete={own}
      onDelete={deleteRuns}
      artifacts={chosen === undefined ? NONE : artifacts}
    />
  );
}
