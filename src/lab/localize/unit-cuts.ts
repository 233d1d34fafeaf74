import { budgetOf, type Cut, type Ranking } from './select';
import type { UnitLayout } from './units';

/** Cuts through a ranking of single weights that are worked out in advance: any other one is a short walk from the next lower. */
export interface ScalarSteps {
  /** Scalars between two steps. */
  every: number;
  /** Selected scalars of each unit at every multiple of `every`: `[steps, units]`. */
  counts: Uint16Array | Uint32Array;
  /** Sum of the selected scores there: `[steps]`. */
  sums: Float64Array;
}

/** Enough that a walk is under a hundredth of the network, few enough that the tables stay below half the ranking's size. */
const STEPS = 128;

/** Walks a ranking of single weights once. */
export function scalarSteps({ layout, order, sorted }: Ranking): ScalarSteps {
  const { units, size, tensors } = layout;
  const every = Math.max(1, Math.ceil(size / STEPS));
  const steps = Math.floor(size / every) + 1;
  const longest = tensors.reduce((most, { rowLength }) => Math.max(most, rowLength), 0);
  const counts = new (longest < 0x10000 ? Uint16Array : Uint32Array)(steps * units);
  const sums = new Float64Array(steps);
  const unitOf = unitFinder(layout);
  const now = new Uint32Array(units);
  let sum = 0;
  for (let step = 1; step < steps; step++) {
    for (let i = (step - 1) * every; i < step * every; i++) {
      now[unitOf(order[i]!)]!++;
      sum += sorted[i]!;
    }
    counts.set(now, step * units);
    sums[step] = sum;
  }
  return { every, counts, sums };
}

/** Unit of a scalar. A table over blocks of scalars leads near the tensor: a search for each of millions would take longer. */
function unitFinder({ tensors, size }: UnitLayout): (scalar: number) => number {
  const BLOCK = 6;
  const tensorAt = new Uint16Array((size >> BLOCK) + 1);
  const ends = Uint32Array.from(tensors, ({ firstScalar, size: length }) => firstScalar + length);
  const firstUnits = Uint32Array.from(tensors, ({ firstUnit }) => firstUnit);
  const firstScalars = Uint32Array.from(tensors, ({ firstScalar }) => firstScalar);
  const lengths = Uint32Array.from(tensors, ({ rowLength }) => rowLength);
  let tensor = 0;
  for (let block = 0; block < tensorAt.length; block++) {
    while (tensor < ends.length - 1 && ends[tensor]! <= block << BLOCK) tensor++;
    tensorAt[block] = tensor;
  }
  return (scalar) => {
    let at = tensorAt[scalar >> BLOCK]!;
    while (ends[at]! <= scalar) at++;
    return firstUnits[at]! + Math.floor((scalar - firstScalars[at]!) / lengths[at]!);
  };
}

/** What a cut takes of every unit. */
export interface UnitCut {
  /** Selected share of each unit's scalars, 0 to 1, in the order of the map: `[units]`. */
  shares: Float32Array;
  /** Sum of the selected scores; of single weights only. */
  sum?: number;
}

/**
 * Cuts a ranking at a budget into shares of units, those of `cutRanking`'s mask but without making it: a network of millions of
 * weights keeps pace with a handle that moves alpha. The cut throws a LetheError when alpha is not a share.
 * @param steps of a ranking of single weights, where they are known.
 */
export function unitCutter(ranking: Ranking, cut: Cut, steps?: ScalarSteps): (alpha: number) => UnitCut {
  const { layout } = ranking;
  const cutAt =
    ranking.granularity === 'parameter'
      ? scalarCutter(ranking, steps ?? scalarSteps(ranking))
      : channelCutter(ranking, cut);
  return (alpha) => cutAt(budgetOf(layout, alpha));
}

function scalarCutter({ layout, order, sorted }: Ranking, { every, ...steps }: ScalarSteps) {
  const { units } = layout;
  const unitOf = unitFinder(layout);
  const sizes = unitSizes(layout);
  return (budget: number): UnitCut => {
    const step = Math.floor(budget / every);
    const counts = new Uint32Array(steps.counts.subarray(step * units, (step + 1) * units));
    let sum = steps.sums[step]!;
    for (let i = step * every; i < budget; i++) {
      counts[unitOf(order[i]!)]!++;
      sum += sorted[i]!;
    }
    const shares = new Float32Array(units);
    for (let unit = 0; unit < units; unit++) shares[unit] = counts[unit]! / sizes[unit]!;
    return { shares, sum };
  };
}

function channelCutter({ layout, order }: Ranking, cut: Cut) {
  const sizes = unitSizes(layout);
  return (budget: number): UnitCut => {
    const shares = new Float32Array(layout.units);
    let left = budget;
    for (let i = 0; i < order.length && left > 0; i++) {
      const size = sizes[order[i]!]!;
      if (size > left && cut === 'whole-channel') break;
      shares[order[i]!] = Math.min(1, left / size);
      left -= size;
    }
    return { shares };
  };
}

/** Scalars of every unit: `[units]`. */
export function unitSizes({ tensors, units }: UnitLayout): Uint32Array {
  const sizes = new Uint32Array(units);
  for (const { firstUnit, rows, rowLength } of tensors) sizes.fill(rowLength, firstUnit, firstUnit + rows);
  return sizes;
}
