import { useMemo } from 'react';
import { groupShares } from '../../../lab/localize/layer-shares';
import { cutMap, type RankedMap } from '../../../lab/localize/ranked-map';
import { activationLayerOf } from '../../../lab/nn/activation-layers';
import { specOf } from '../../../lab/nn/models';
import type { ModelSpec } from '../../../lab/nn/spec';
import { registries } from '../../../lab/session/all-registries';
import { expandRuns } from '../../../lab/study/expand';
import type { Run, Study } from '../../../lab/study/study';
import type { ComparedModel } from '../../state/compared-models';
import type { RunView, View } from '../../state/view';
import { useRankedMaps } from '../memorization-map/use-ranked-maps';

/** Share of each layer of `activationLayers` that a run's mask selects, 0 to 1, or why it is not known: one sentence. */
export type LayerMask = { shares: ReadonlyMap<string, number>; problem?: undefined } | { problem: string };

/** The mask follows from the strategy's map and the run's budget. */
export function layerMask(map: RankedMap, alpha: number, spec: ModelSpec): ReadonlyMap<string, number> {
  const groups = groupShares(map.model, cutMap(map, alpha).layers, ({ main }) =>
    activationLayerOf(spec, main.parameter),
  );
  return new Map(groups.map(({ part, share }) => [part, share]));
}

/** The run, or why it has no mask that could be shown, whatever maps there are. @param name of the model */
function maskedRun(study: Study, id: string, name: string): Run | string {
  const runs = expandRuns(study);
  const run = runs.find((each) => each.id === id);
  if (!run || run.weights) return `${name} comes from a file: its mask is not known.`;
  if (run.mask) return `${name} has its mask from a file, which a result does not hold.`;
  const strategy = registries.localizers.find(run.strategy);
  const takesMask = registries.unlearners.find(run.method)?.takesMask;
  if (!strategy || !takesMask || strategy.selectsEverything)
    return `${name} may change the whole network: it has no mask.`;
  // The map is that of the first run with the strategy.
  const first = runs.find((each) => each.strategy === run.strategy && each.seed === run.seed);
  const isAlike = JSON.stringify(first?.localize) === JSON.stringify(run.localize);
  return isAlike
    ? run
    : `The mask of ${name} is not known: the map that this result holds was made with other settings.`;
}

/** The mask of a model by layer; undefined of what is no run. */
export function useRunMask({ study }: View, seed: number, model: ComparedModel): LayerMask | undefined {
  const { maps, ranking, failure } = useRankedMaps(seed);
  const id = model.role === 'run' ? (model.outcome as RunView).id : undefined;
  const name = model.label;
  return useMemo(() => {
    if (id === undefined) return undefined;
    const run = maskedRun(study, id, name);
    if (typeof run === 'string') return { problem: run };
    const map = maps.find(({ localizer }) => localizer.id === run.strategy);
    if (map) {
      const spec = specOf(study.model, registries.sources.get(study.data.source));
      return { shares: layerMask(map, run.alpha, spec) };
    }
    const { label } = registries.localizers.get(run.strategy);
    if (ranking.includes(label)) return { problem: `The map of ${label} is being ranked.` };
    return {
      problem:
        failure ??
        `The mask of ${name} is not known without a map of ${label} for seed ${seed}: run the study here.`,
    };
  }, [study, seed, id, name, maps, ranking, failure]);
}
