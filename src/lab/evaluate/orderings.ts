import { forgetRules } from '../forget';
import type { StudyResult } from '../study/result';
import { distances } from './deltas';
import { type Interval, studentInterval } from './student';

export type Verdict = 'held' | 'not held' | 'undecided';

/** One quantity that an ordering is about. */
export interface Comparison {
  /** What the ordering says of the differences. */
  claim: string;
  /** In percentage points; the claim says that they are positive, or that they are at most `margin` on either side. */
  differences: { seed: number; value: number }[];
  margin?: number;
  /** Mean of the differences with its 95 % Student-t interval; absent where no seed has all the runs. */
  interval?: Interval;
  verdict: Verdict;
}

/** An ordering of METHOD section 6, as one result shows it. */
export interface Ordering {
  number: 1 | 2 | 3 | 4 | 5;
  title: string;
  comparisons: Comparison[];
  /** Held when every comparison held, not held when one did not, undecided otherwise. */
  verdict: Verdict;
}

/** The parts of a result that the orderings are read from; it may lack any run. */
export type OrderingsInput = Pick<StudyResult, 'study' | 'originals' | 'oracles' | 'runs'>;

/** Fewer pairs than this decide nothing. */
const FEWEST = 3;
/** "About as well" means: gaps that differ by no more than this, in points. */
const AS_WELL = 2;
/** The range of α that the paper finds good. */
const GOOD_ALPHAS = [0.2, 0.3];

/**
 * The five orderings that a faithful implementation shows (METHOD section 6), each with the quantities compared, paired by
 * seed. Runs of `reset-finetune` count, the first where several share strategy, α and seed. *Gap* is the mean of |Δ forget|,
 * |Δ MIA| and |Δ test| against the oracle of the same seed.
 *
 * 1. At `alpha`, the gaps of `grad-channel`, `weighted-grad-parameter` and `salloc` each exceed DEL's.
 * 2. At `alpha`, the gap of `random` exceeds DEL's.
 * 3. `deepest` at its smallest α has a forget accuracy nearer to the original's than to the oracle's, `shallowest` at `alpha` one nearer
 *    to the oracle's; at `alpha`, `deepest` has the higher test accuracy, and that of `shallowest` is below the oracle's.
 * 4. At `alpha`, the gaps of `train-set` and DEL differ by at most 2 points on an IID forget set; on a non-IID one `train-set` has the
 *    larger. Left out for other forget sets.
 * 5. DEL's gap at every other α exceeds the mean of its gaps at 0.2 and 0.3.
 *
 * A comparison held when its whole 95 % interval (not adjusted for their number) agrees with the claim, did not hold when the whole
 * interval contradicts it, and is undecided otherwise or with fewer than 3 seeds.
 *
 * @param alpha where orderings 1 to 4 are read; the paper's default is 0.3
 */
export function orderings(result: OrderingsInput, alpha = 0.3): Ordering[] {
  const runs = result.runs.filter(({ method }) => method === 'reset-finetune');
  const runOf = (strategy: string, at: number, seed: number) =>
    runs.find((run) => run.strategy === strategy && run.alpha === at && run.seed === seed);
  const alphasOf = (strategy: string) =>
    [...new Set(runs.filter((run) => run.strategy === strategy).map((run) => run.alpha))].sort(
      (a, b) => a - b,
    );
  const gapOf = (strategy: string, at: number, seed: number) => {
    const run = runOf(strategy, at, seed);
    return (run && distances(run.deltas).gap) ?? Number.NaN;
  };
  const compare = (claim: string, difference: (seed: number) => number, margin?: number): Comparison =>
    comparison(
      claim,
      result.oracles.map(({ seed }) => ({ seed, value: difference(seed) })),
      margin,
    );
  const worseThanDel = (strategy: string) =>
    compare(
      `${strategy} has a larger gap than del (α ${alpha})`,
      (seed) => gapOf(strategy, alpha, seed) - gapOf('del', alpha, seed),
    );

  const metric = (outcome: { metrics: Record<string, number> } | undefined, id: string) =>
    outcome?.metrics[id] ?? Number.NaN;
  const bySeed = (outcomes: StudyResult['oracles'], seed: number) =>
    outcomes.find((outcome) => outcome.seed === seed);
  /** Distance to the oracle's forget accuracy less that to the original's: positive where little was forgotten. */
  const remembered = (strategy: string, at: number, seed: number) => {
    const own = metric(runOf(strategy, at, seed), 'forgetAccuracy');
    const oracle = metric(bySeed(result.oracles, seed), 'forgetAccuracy');
    return Math.abs(own - oracle) - Math.abs(own - metric(bySeed(result.originals, seed), 'forgetAccuracy'));
  };
  const testOf = (strategy: string, seed: number) => metric(runOf(strategy, alpha, seed), 'testAccuracy');
  const small = alphasOf('deepest')[0] ?? alpha;

  const distribution = forgetRules.find(result.study.forget.rule)?.distribution;
  const others = alphasOf('del').filter((at) => !GOOD_ALPHAS.includes(at));
  const range = (seed: number) =>
    GOOD_ALPHAS.reduce((sum, at) => sum + gapOf('del', at, seed), 0) / GOOD_ALPHAS.length;
  const all: Omit<Ordering, 'verdict'>[] = [
    {
      number: 1,
      title: 'Channels with the weighted gradient (DEL) are the best of the 2×2',
      comparisons: ['grad-channel', 'weighted-grad-parameter', 'salloc'].map(worseThanDel),
    },
    {
      number: 2,
      title: 'Layer-matched random masks are clearly worse than DEL',
      comparisons: [worseThanDel('random')],
    },
    {
      number: 3,
      title:
        'Deepest layers keep test accuracy but hardly forget; shallowest layers forget and cost test accuracy',
      comparisons: [
        compare(`deepest stays nearer to the original in forget accuracy (α ${small})`, (seed) =>
          remembered('deepest', small, seed),
        ),
        compare(
          `shallowest comes nearer to the oracle in forget accuracy (α ${alpha})`,
          (seed) => -remembered('shallowest', alpha, seed),
        ),
        compare(
          `deepest has a higher test accuracy than shallowest (α ${alpha})`,
          (seed) => testOf('deepest', seed) - testOf('shallowest', seed),
        ),
        compare(
          `shallowest has a lower test accuracy than the oracle (α ${alpha})`,
          (seed) => metric(bySeed(result.oracles, seed), 'testAccuracy') - testOf('shallowest', seed),
        ),
      ],
    },
    {
      number: 4,
      title:
        distribution === 'iid'
          ? 'On an IID forget set the train-set mask does about as well as DEL'
          : 'On a non-IID forget set the train-set mask is worse than DEL',
      comparisons: [
        distribution === 'iid'
          ? compare(
              `the gaps of train-set and del differ by at most ${AS_WELL} points (α ${alpha})`,
              (seed) => gapOf('train-set', alpha, seed) - gapOf('del', alpha, seed),
              AS_WELL,
            )
          : worseThanDel('train-set'),
      ],
    },
    {
      number: 5,
      title: 'α from 20 to 30 % is the good range',
      comparisons: others.map((at) =>
        compare(
          `del at α ${at} has a larger gap than on average at α ${GOOD_ALPHAS.join(' and ')}`,
          (seed) => gapOf('del', at, seed) - range(seed),
        ),
      ),
    },
  ];
  return all
    .filter(({ number }) => number !== 4 || distribution !== undefined)
    .map((ordering) => ({ ...ordering, verdict: together(ordering.comparisons) }));
}

/** Seeds that lack one of the two runs have no finite difference and are left out. */
function comparison(claim: string, pairs: Comparison['differences'], margin?: number): Comparison {
  const differences = pairs.filter(({ value }) => Number.isFinite(value));
  if (differences.length === 0) return { claim, differences, margin, verdict: 'undecided' };
  const interval = studentInterval(differences.map(({ value }) => value));
  return { claim, differences, margin, interval, verdict: verdictOf(interval, margin) };
}

function verdictOf({ n, mean, half }: Interval, margin?: number): Verdict {
  if (half === undefined || n < FEWEST) return 'undecided';
  const [low, high] = [mean - half, mean + half];
  if (margin === undefined) return low > 0 ? 'held' : high < 0 ? 'not held' : 'undecided';
  if (low >= -margin && high <= margin) return 'held';
  return low > margin || high < -margin ? 'not held' : 'undecided';
}

function together(comparisons: readonly Comparison[]): Verdict {
  if (comparisons.some(({ verdict }) => verdict === 'not held')) return 'not held';
  return comparisons.length > 0 && comparisons.every(({ verdict }) => verdict === 'held')
    ? 'held'
    : 'undecided';
}
