import { useCallback, useMemo } from 'react';
import { isStageOf } from '../../../lab/plan/stage-planning';
import { unlearn } from '../../../lab/stages/unlearn';
import type { Study } from '../../../lab/study/study';
import { useApp } from '../../client/context';
import { useView } from '../../client/pane-view';
import { useSelection } from '../../client/use-selection';
import { knownPlan } from '../../state/known-plan';
import { runName } from '../../state/run-estimates';
import type { ModelView } from '../../state/view';
import { Curves } from './Curves';

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
  const view = useView();
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
