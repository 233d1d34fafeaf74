import type { KnownModel, KnownRun, VerdictInput } from '../../src/lab/results/verdict/measured';
import { getPreset } from '../../src/lab/study/presets';

/** A model's forget accuracy, MIA, test and retain accuracy, in percent. */
export type Four = [forget: number, mia: number, test: number, retain: number];

export const ORIGINAL: Four = [98, 20, 84, 99];
export const ORACLE: Four = [50, 75, 83, 99];

const metricsOf = ([forgetAccuracy, mia, testAccuracy, retainAccuracy]: Four) => ({
  forgetAccuracy,
  mia,
  testAccuracy,
  retainAccuracy,
});

/** Models of the seeds 0, 1, … */
export const modelsOf = (numbers: Four[]): KnownModel[] =>
  numbers.map((each, seed) => ({ seed, metrics: metricsOf(each) }));

/** A run for each seed 0, 1, … */
export const runsOf = (label: string, numbers: Four[], alpha = 0.1, strategy = label.toLowerCase()) =>
  modelsOf(numbers).map(
    (model): KnownRun => ({
      ...model,
      id: `${strategy}-reset-finetune-a${alpha}-s${model.seed}`,
      label,
      strategy,
      method: 'reset-finetune',
      alpha,
    }),
  );

/** What a verdict is computed from: 200 forget images, 1,800 retained and 2,000 test images. */
export function judgedStudy(runs: KnownRun[], change: Partial<VerdictInput> = {}): VerdictInput {
  const seeds = Math.max(1, ...runs.map(({ seed }) => seed + 1));
  return {
    study: getPreset('quickstart').study,
    originals: modelsOf(Array(seeds).fill(ORIGINAL)),
    oracles: modelsOf(Array(seeds).fill(ORACLE)),
    runs,
    forget: { length: 200 },
    ...change,
  };
}
