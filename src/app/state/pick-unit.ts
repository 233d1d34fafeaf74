import { expandRuns, listOf } from '../../lab/study/expand';
import type { RunSpec, Study } from '../../lab/study/study';
import { unlearners } from '../../lab/unlearn';

/** Settings belong to one strategy: a group that sweeps over several has none. */
const isManual = ({ strategy }: RunSpec) => listOf(strategy).every((id) => id === 'manual');

/** The units that the study's mask by hand consists of; undefined when no run has such a mask. */
export function pickedUnits(study: Study): string[] | undefined {
  const run = study.runs.find(isManual);
  if (!run) return undefined;
  const units = run.localize?.units;
  return Array.isArray(units) ? units.map(String) : [];
}

/**
 * The study with the units (`conv1.weight:3`) as its mask by hand. Where it has none, a run is added that is unlearned like the first one
 * with a mask.
 */
export function withMaskByHand(study: Study, units: readonly string[]): Study {
  const localize = { units: [...units] };
  if (study.runs.some(isManual))
    return {
      ...study,
      runs: study.runs.map((run) =>
        isManual(run) ? { ...run, localize: { ...run.localize, ...localize } } : run,
      ),
    };
  const like = expandRuns(study).find(({ method }) => unlearners.find(method)?.takesMask);
  const added: RunSpec = {
    label: 'By hand',
    strategy: 'manual',
    method: like?.method ?? 'reset-finetune',
    alpha: like?.alpha ?? 1,
    seed: like?.seed ?? 0,
    localize,
    ...(like?.unlearn && { unlearn: like.unlearn }),
  };
  return { ...study, runs: [...study.runs, added] };
}
