/** Scores of many single weights in a byte each. The ranking is divided into levels that end at the budgets a mask is usually cut at. */

/** Steps between the budgets at which masks stay exact, as shares of the weights: those of the page's handle, finer below its first. */
const STEP = 0.005;
const FINE = STEP / 10;
/** The first scores of a ranking are by far the highest, so below the finest budget each level is half as long as the next. */
const HALVINGS = 24;

export interface ScoreLevels {
  /** Mean score of each level, highest first. */
  means: Float32Array;
  /** Of every weight, from 0. */
  levels: Uint8Array;
}

/**
 * Levels of a ranking. A mask of the best floor(alpha * p) weights is the same from levels as from the scores where alpha is a
 * multiple of 0.005, or of 0.0005 up to there, and so is the sum of its scores but for float32 rounding. Between two of these, the
 * weights of one level are taken in the order of their indices.
 * @param order indices by descending score, ties by index: `[p]`. @param sorted their finite scores: `[p]`.
 */
export function levelsOf(order: Uint32Array, sorted: Float32Array): ScoreLevels {
  const levels = new Uint8Array(order.length);
  const means: number[] = [];
  let above = Number.POSITIVE_INFINITY;
  let highestAbove = Number.POSITIVE_INFINITY;
  let from = 0;
  for (const to of levelEnds(order.length)) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      levels[order[i]!] = means.length;
      sum += sorted[i]!;
    }
    const mean = Math.fround(sum / (to - from));
    // Rounded means of two levels may be equal, and equal scores are ranked by index. That is right only where all scores of both levels
    // are equal; elsewhere the lower level gets the next smaller number.
    const limit = sorted[to - 1] === highestAbove ? above : nextBelow(above);
    above = Math.min(mean, limit);
    means.push(above);
    highestAbove = sorted[from]!;
    from = to;
  }
  return { means: Float32Array.from(means), levels };
}

/** The scores as levels keep them: `[p]`. */
export function scoresOfLevels({ means, levels }: ScoreLevels): Float32Array {
  return Float32Array.from(levels, (level) => means[level]!);
}

/** Ranks at which levels end, ascending; fewer than 256, the last is `count`. */
function levelEnds(count: number): number[] {
  const shares: number[] = [];
  for (let i = HALVINGS; i > 0; i--) shares.push(FINE / 2 ** i);
  for (let i = 1; i < STEP / FINE; i++) shares.push(Number((i * FINE).toFixed(4)));
  for (let i = 1; i <= 1 / STEP; i++) shares.push(Number((i * STEP).toFixed(3)));
  // The same rounding as in `budgetOf`.
  return [...new Set(shares.map((share) => Math.floor(share * count)))].filter((end) => end > 0);
}

/** The next smaller float32. */
function nextBelow(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  const float = Float32Array.of(value);
  const bits = new Int32Array(float.buffer);
  if (value === 0) bits[0] = 0x80000001 | 0;
  else bits[0] = bits[0]! + (value > 0 ? -1 : 1);
  return float[0]!;
}
