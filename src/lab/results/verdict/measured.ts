import { mean } from '../../evaluate/accuracy';
import { gap } from '../../evaluate/deltas';
import { type Interval, studentInterval } from '../../evaluate/student';
import type { Metrics } from '../../study/result';
import type { Study } from '../../study/study';
import { groupRuns, type RunGroup, type RunIdentity } from '../run-groups';
import { groupNames } from '../run-names';
import { differenceNoise, gapNoise, type Shares, type Sizes } from './noise';

/** Fewer seeds than this tell no spread. */
export const FEWEST_SEEDS = 3;

/** What is known of a model, finished or not. */
export interface KnownModel {
  seed: number;
  metrics?: Metrics;
}

export interface KnownRun extends KnownModel, RunIdentity {
  /** Why it has no numbers, or lacks some. */
  failure?: string;
}

/** What a verdict is computed from: what is known of a study, finished or not. */
export interface VerdictInput {
  study: Study;
  originals: readonly KnownModel[];
  oracles: readonly KnownModel[];
  runs: readonly KnownRun[];
  /** Runs that are missing above, since they failed. */
  failed?: readonly { id: string }[];
  /** The forget set, indices into the training images. */
  forget?: ArrayLike<number>;
}

export type Part = keyof Shares;
/** What the gap is made of. */
export const GAP_PARTS = ['forget', 'mia', 'test'] as const satisfies readonly Part[];
const METRIC_OF = {
  forget: 'forgetAccuracy',
  mia: 'mia',
  test: 'testAccuracy',
  retain: 'retainAccuracy',
} as const satisfies Record<Part, string>;

/** A model of one seed beside the oracle of this seed. */
interface Pair {
  seed: number;
  gap: number;
  /** Oracle minus unlearned, in points. */
  deltas: Shares;
  own: Shares;
  oracle: Shares;
}

/** Models that differ in their seed only, as far as they and their oracles are measured. */
export interface Measured {
  name: string;
  pairs: Pair[];
  /** Over the seeds, in points. */
  gap: Interval;
  deltas: Record<Part, Interval>;
}

export interface MeasuredGroup extends Measured {
  group: RunGroup<KnownRun>;
}

/** Sums depend on their order in the last bit, which a number at the edge of two roundings shows: seeds have no order here. */
const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Each part's value. */
function ofParts<T>(value: (part: Part) => T): Record<Part, T> {
  return { forget: value('forget'), mia: value('mia'), test: value('test'), retain: value('retain') };
}

function sharesOf(metrics: Metrics | undefined): Shares | undefined {
  const shares = ofParts((part) => (metrics?.[METRIC_OF[part]] ?? Number.NaN) / 100);
  return Object.values(shares).every(Number.isFinite) ? shares : undefined;
}

function pairsOf(models: readonly KnownModel[], oracles: readonly KnownModel[]): Pair[] {
  return models.flatMap((model): Pair[] => {
    const own = sharesOf(model.metrics);
    const oracle = sharesOf(oracles.find(({ seed }) => seed === model.seed)?.metrics);
    if (!own || !oracle) return [];
    const deltas = ofParts((part) => 100 * (oracle[part] - own[part]));
    const distance = gap({ forgetAccuracy: deltas.forget, mia: deltas.mia, testAccuracy: deltas.test });
    return [{ seed: model.seed, gap: distance, deltas, own, oracle }];
  });
}

/** undefined where no seed has a model and an oracle with all the numbers that the gap needs. */
export function measured(
  name: string,
  models: readonly KnownModel[],
  oracles: readonly KnownModel[],
): Measured | undefined {
  const pairs = pairsOf(models, oracles);
  if (pairs.length === 0) return undefined;
  const over = (value: (pair: Pair) => number) => studentInterval(ascending(pairs.map(value)));
  return {
    name,
    pairs,
    gap: over(({ gap }) => gap),
    deltas: ofParts((part) => over(({ deltas }) => deltas[part])),
  };
}

/** The groups of a study's runs that are measured, in its order. */
export function measuredGroups({ runs, oracles }: Pick<VerdictInput, 'runs' | 'oracles'>): MeasuredGroup[] {
  const groups = groupRuns(runs);
  const names = groupNames(groups);
  return groups.flatMap((group, i) => {
    const known = measured(names[i]!, group.runs, oracles);
    return known ? [{ ...known, group }] : [];
  });
}

const imagesOf = (part: Part, sizes: Sizes) => sizes[part === 'mia' ? 'forget' : part];

function meanShares(pairs: readonly Pair[], of: (pair: Pair) => Shares): Shares {
  return ofParts((part) => mean(Float64Array.from(ascending(pairs.map((pair) => of(pair)[part])))));
}

/**
 * On which side of the oracle a group is for certain: −1 below 0, its number is above the oracle's; 1 above 0; 0 where that cannot be told.
 * With three seeds or more by the 95 % Student-t interval over them, which must lie on one side, by a mean of more than one image; with
 * fewer by the noise of the images.
 */
export function sideOf({ pairs, deltas }: Measured, part: Part, sizes: Sizes): -1 | 0 | 1 {
  const { mean, half, n } = deltas[part];
  const images = imagesOf(part, sizes);
  const [own, oracle] = [meanShares(pairs, (pair) => pair.own), meanShares(pairs, (pair) => pair.oracle)];
  const needed =
    n >= FEWEST_SEEDS ? Math.max(half!, 100 / images) : differenceNoise(own[part], oracle[part], images);
  return Math.abs(mean) > needed ? (Math.sign(mean) as -1 | 1) : 0;
}

/**
 * Whether the gap of `far` is larger than that of `near` for certain, from the seeds that both have: with three or more by the 95 % Student-t
 * interval of the differences, which must lie above 0, by a mean of more than one image; with fewer by the noise of the images.
 */
export function isFarther(far: Measured, near: Measured, sizes: Sizes): boolean {
  const shared = far.pairs.flatMap((pair) => {
    const other = near.pairs.find(({ seed }) => seed === pair.seed);
    return other ? [{ pair, other }] : [];
  });
  if (shared.length === 0) return false;
  const { mean, half } = studentInterval(ascending(shared.map(({ pair, other }) => pair.gap - other.gap)));
  if (shared.length >= FEWEST_SEEDS) {
    const oneImage = (200 / sizes.forget + 100 / sizes.test) / 3;
    return mean > Math.max(half!, oneImage);
  }
  const pairs = shared.map(({ pair }) => pair);
  const noise = gapNoise(
    meanShares(pairs, ({ own }) => own),
    meanShares(
      shared.map(({ other }) => other),
      ({ own }) => own,
    ),
    meanShares(pairs, ({ oracle }) => oracle),
    sizes,
  );
  return mean > noise;
}
