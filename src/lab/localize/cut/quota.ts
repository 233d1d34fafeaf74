import type { ModelSpec, ParameterSpec } from '../../nn/spec';
import { LetheError } from '../../settings';
import { type Mask, sizeOf } from '../../tensors';
import { maskFromFlat, tensorFinder, unitFinder, unitSizes } from '../units';
import type { BitMask } from './bit-mask';
import { checkAlpha } from './budget';
import type { Ranking } from './ranking';
import { type ScalarSteps, scalarSteps, type UnitCutter } from './unit-shares';

/** How many scalars a mask selects of every tensor, in the order of the layout, instead of a budget for all of them together. */
export type Quotas = Uint32Array;

/**
 * The share alpha of every tensor of one kind, and nothing of the others: round(alpha * size), halves to the even number as in Python.
 * @throws LetheError when alpha is not a share.
 */
export function quotasOf(
  { parameters }: Pick<ModelSpec, 'parameters'>,
  kind: ParameterSpec['kind'],
  alpha: number,
): Quotas {
  checkAlpha(alpha);
  return Uint32Array.from(parameters, ({ kind: own, shape }) =>
    own === kind ? roundHalfEven(alpha * sizeOf(shape)) : 0,
  );
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/**
 * Goes down a ranking of single weights and visits those that still fit into their tensor's quota, until all quotas are met.
 * @throws LetheError where the ranking is not one of single weights, and so too short.
 * @param from position in the ranking to start at. @param left what every tensor may still get; used up.
 */
function walkQuotas(
  { layout, order }: Ranking,
  from: number,
  left: Quotas,
  visit: (scalar: number, position: number) => void,
): void {
  const tensorOf = tensorFinder(layout);
  let wanted = left.reduce((sum, quota) => sum + quota, 0);
  for (let i = from; wanted > 0; i++) {
    if (i >= order.length)
      throw new LetheError('A quota of single weights needs a ranking of single weights.');
    const scalar = order[i]!;
    const tensor = tensorOf(scalar);
    if (left[tensor] === 0) continue;
    left[tensor]!--;
    wanted--;
    visit(scalar, i);
  }
}

/** The mask of the best of every tensor. @param ranking of single weights. */
export function quotaMask(ranking: Ranking, quotas: Quotas): Mask {
  const flat = new Uint8Array(ranking.layout.size);
  walkQuotas(ranking, 0, quotas.slice(), (scalar) => {
    flat[scalar] = 1;
  });
  return maskFromFlat(ranking.layout, flat);
}

/** The same as bits. The latest is remembered, since the overlap of masks asks for it layer by layer. */
export function quotaBits(ranking: Ranking, quotasAt: (alpha: number) => Quotas): (alpha: number) => BitMask {
  const bits = new Uint32Array((ranking.layout.size + 31) >>> 5);
  let latest: number | undefined;
  return (alpha) => {
    if (alpha === latest) return bits;
    latest = alpha;
    bits.fill(0);
    walkQuotas(ranking, 0, quotasAt(alpha).slice(), (scalar) => {
      bits[scalar >>> 5]! |= 1 << scalar;
    });
    return bits;
  };
}

/**
 * The unit shares of `quotaMask` for an alpha that moves. Where tensors are ranked alike, they meet their quotas within a few steps of each
 * other, so that the walk is short.
 */
export function quotaCutter(
  ranking: Ranking,
  quotasAt: (alpha: number) => Quotas,
  { every, counts, sums }: ScalarSteps = scalarSteps(ranking),
): UnitCutter {
  const { layout, sorted } = ranking;
  const { tensors, units } = layout;
  const sizes = unitSizes(layout);
  const unitOf = unitFinder(layout);
  /** Scalars of every tensor that stand before a step: `[steps, tensors]`. */
  const before = new Uint32Array(sums.length * tensors.length);
  for (let step = 0; step < sums.length; step++)
    tensors.forEach(({ firstUnit, rows }, tensor) => {
      let count = 0;
      for (let unit = firstUnit; unit < firstUnit + rows; unit++) count += counts[step * units + unit]!;
      before[step * tensors.length + tensor] = count;
    });
  const beforeStep = (step: number) => before.subarray(step * tensors.length, (step + 1) * tensors.length);
  return (alpha) => {
    const quotas = quotasAt(alpha);
    let step = 0;
    while (step + 1 < sums.length && beforeStep(step + 1).every((count, tensor) => count <= quotas[tensor]!))
      step++;
    const selected = new Uint32Array(counts.subarray(step * units, (step + 1) * units));
    let sum = sums[step]!;
    const left = quotas.map((quota, tensor) => quota - beforeStep(step)[tensor]!);
    walkQuotas(ranking, step * every, left, (scalar, position) => {
      selected[unitOf(scalar)]!++;
      sum += sorted[position]!;
    });
    return { shares: Float32Array.from(selected, (count, unit) => count / sizes[unit]!), sum };
  };
}
