import type { GivenWeights, Study } from './study';

/** What stands in the place of a strategy and a method where a run is a model from a file. */
export const FROM_FILE = { strategy: 'none', method: 'file' } as const;

/** What a file that a study names is. */
export type GivenRole = 'original' | 'oracle' | 'run' | 'mask';

/** The study with each file that it names replaced by what `change` makes of it, in the order of the study. */
export async function changeGivenFiles(
  study: Study,
  change: (given: GivenWeights, role: GivenRole) => GivenWeights | Promise<GivenWeights>,
): Promise<Study> {
  const changed: Study = { ...study };
  if (study.weights) changed.weights = await change(study.weights, 'original');
  const { weights: oracle } = study.oracle;
  if (oracle) changed.oracle = { ...study.oracle, weights: await change(oracle, 'oracle') };
  changed.runs = [];
  for (const run of study.runs) {
    const weights = run.weights && (await change(run.weights, 'run'));
    const mask = run.mask && (await change(run.mask, 'mask'));
    changed.runs.push({ ...run, ...(weights && { weights }), ...(mask && { mask }) });
  }
  return changed;
}
