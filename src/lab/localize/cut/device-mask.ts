import type { ModelSpec } from '../../nn/spec';
import type { Mask } from '../../tensors';
import type { LiveModel } from '../../train/engine';
import type { Scores } from '../scores';
import { maskFromFlat, unitLayout } from '../units';
import { budgetOf } from './budget';
import { flattenScores } from './ranking';

/**
 * `cutRanking` of single weights without sorting millions of them on the host: the device finds the budget's threshold
 * (`src/lab/gpu/radix-select.ts`) and answers with a `BitMask` of the same bits, ties by flat index.
 * @param scores one per scalar. @returns undefined when the device cannot hold them in one buffer.
 * @throws LetheError when a score is NaN or infinite, or alpha is not a share.
 */
export async function cutOnDevice(
  spec: ModelSpec,
  scores: Scores,
  alpha: number,
  model: Pick<LiveModel, 'largest'>,
): Promise<Mask | undefined> {
  const layout = unitLayout(spec);
  const words = await model.largest(flattenScores(layout, scores), budgetOf(layout, alpha));
  if (!words) return undefined;
  const flat = new Uint8Array(layout.size);
  for (let i = 0; i < flat.length; i++) flat[i] = (words[i >>> 5]! >>> (i & 31)) & 1;
  return maskFromFlat(layout, flat);
}
