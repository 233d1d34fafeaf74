import { localizers } from '../../lab/localize';
import { manual } from '../../lab/localize/manual';
import { expandRuns, listOf } from '../../lab/study/expand';
import type { RunSpec, Study } from '../../lab/study/study';
import { unlearners } from '../../lab/unlearn';

/** Settings belong to one strategy: a group that sweeps over several has none. */
const isByHand = ({ strategy }: RunSpec) =>
  listOf(strategy).every((id) => localizers.find(id)?.pickedUnits !== undefined);

/** The units that the study's mask by hand consists of; undefined when no run has such a mask. */
export function pickedUnits(study: Study): string[] | undefined {
  const run = study.runs.find(isByHand);
  if (!run) return undefined;
  const given = run.localize?.units;
  // Of several masks the first.
  const units = Array.isArray(given) && Array.isArray(given[0]) ? given[0] : given;
  return Array.isArray(units) ? units.map(String) : [];
}

/**
 * The study with the units (`conv1.weight:3`) as its mask by hand. Where it has none, a run is added that is unlearned like the first one
 * with a mask.
 */
export function withMaskByHand(study: Study, units: readonly string[]): Study {
  const localize = { units: [...units] };
  if (study.runs.some(isByHand))
    return {
      ...study,
      runs: study.runs.map((run) =>
        isByHand(run) ? { ...run, localize: { ...run.localize, ...localize } } : run,
      ),
    };
  const like = expandRuns(study).find(({ method }) => unlearners.find(method)?.takesMask);
  const added: RunSpec = {
    label: 'By hand',
    strategy: manual.id,
    method: like?.method ?? 'reset-finetune',
    alpha: like?.alpha ?? 1,
    seed: like?.seed ?? 0,
    localize,
    ...(like?.unlearn && { unlearn: like.unlearn }),
  };
  return { ...study, runs: [...study.runs, added] };
}
