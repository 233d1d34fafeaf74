import type { Mask } from '../../src/lab/tensors';

/**
 * Scalars that both masks select over scalars that either selects, counted one by one; 1 for two empty masks.
 * @param names the parameters that are looked at; all by default.
 */
export function jaccard(a: Mask, b: Mask, names: readonly string[] = Object.keys(a)): number {
  let both = 0;
  let either = 0;
  for (const name of names)
    a[name]!.forEach((bit, i) => {
      both += bit & b[name]![i]!;
      either += bit | b[name]![i]!;
    });
  return either === 0 ? 1 : both / either;
}
