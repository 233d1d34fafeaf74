import { unitFinder, unitSizes } from '../units';
import type { CutRule } from './budget';
import { type Head, headFinder } from './head';
import type { Ranking } from './ranking';

/** Cuts of a ranking of single weights that are worked out in advance: any other budget is a short walk from the next lower step. */
export interface ScalarSteps {
  /** Scalars between two steps. */
  every: number;
  /** Selected scalars of each unit at every multiple of `every`: `[steps, units]`. */
  counts: Uint16Array | Uint32Array;
  /** Sum of the selected scores there: `[steps]`. */
  sums: Float64Array;
}

/** With so many steps a walk is shorter than a hundredth of the network, and the tables stay below half the ranking's size. */
const STEPS = 128;

/** Walks a ranking of single weights once, from the best to the worst. */
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

/** What a mask selects of every unit. */
export interface UnitCut {
  /** Selected share of each unit's scalars, 0 to 1, in the order of the map: `[units]`. */
  shares: Float32Array;
  /** Sum of the selected scores; of single weights only. */
  sum?: number;
}

/** The unit shares of a mask at any alpha. @throws LetheError when alpha is not a share. */
export type UnitCutter = (alpha: number) => UnitCut;

/**
 * The unit shares of `cutRanking`'s mask. Making the mask of a network of millions of weights takes longer than a frame, so this works
 * them out without it, and a handle that moves alpha stays smooth.
 * @param steps of a ranking of single weights, where they are known.
 */
export function unitCutter(ranking: Ranking, rule: CutRule, steps?: ScalarSteps): UnitCutter {
  const cutHead =
    ranking.granularity === 'parameter'
      ? scalarCutter(ranking, steps ?? scalarSteps(ranking))
      : channelCutter(ranking);
  const headAt = headFinder(ranking, rule);
  return (alpha) => cutHead(headAt(alpha));
}

function scalarCutter({ layout, order, sorted }: Ranking, { every, ...steps }: ScalarSteps) {
  const { units } = layout;
  const unitOf = unitFinder(layout);
  const sizes = unitSizes(layout);
  return ({ whole }: Head): UnitCut => {
    const step = Math.floor(whole / every);
    const counts = new Uint32Array(steps.counts.subarray(step * units, (step + 1) * units));
    let sum = steps.sums[step]!;
    for (let i = step * every; i < whole; i++) {
      counts[unitOf(order[i]!)]!++;
      sum += sorted[i]!;
    }
    const shares = new Float32Array(units);
    for (let unit = 0; unit < units; unit++) shares[unit] = counts[unit]! / sizes[unit]!;
    return { shares, sum };
  };
}

function channelCutter({ layout, order }: Ranking) {
  const sizes = unitSizes(layout);
  return ({ whole, part }: Head): UnitCut => {
    const shares = new Float32Array(layout.units);
    for (let i = 0; i < whole; i++) shares[order[i]!] = 1;
    if (part > 0) shares[order[whole]!] = part / sizes[order[whole]!]!;
    return { shares };
  };
}
