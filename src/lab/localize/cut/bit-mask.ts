import { headFinder } from './head';
import type { Ranking } from './ranking';

/** A mask with one bit per scalar, all parameters one after the other: scalar i is bit i mod 32 of word ⌊i / 32⌋. */
export type BitMask = Uint32Array;

/**
 * `cutRanking`'s mask of single weights as bits, for an alpha that moves. Every call returns the same words, which hold only the latest
 * mask: just the scalars that enter or leave are flipped.
 */
export function bitMaskCutter(ranking: Ranking): (alpha: number) => BitMask {
  const { layout, order } = ranking;
  const headAt = headFinder(ranking, 'exact');
  const bits = new Uint32Array((layout.size + 31) >>> 5);
  let selected = 0;
  return (alpha) => {
    const { whole } = headAt(alpha);
    const [from, to] = whole > selected ? [selected, whole] : [whole, selected];
    for (let i = from; i < to; i++) {
      const scalar = order[i]!;
      bits[scalar >>> 5]! ^= 1 << scalar;
    }
    selected = whole;
    return bits;
  };
}

/** Scalars from `from` up to before `to` that are in `a`, and in `b` too where it is given. */
export function countBits(from: number, to: number, a: BitMask, b = a): number {
  let count = 0;
  for (let i = from; i < to; ) {
    const end = Math.min(to, (i | 31) + 1);
    // Ones from bit i to before bit end. JavaScript shifts by the count modulo 32, so an end at a word's border keeps all higher bits.
    const part = (-1 << i) & (-1 >>> -end);
    count += ones(a[i >>> 5]! & b[i >>> 5]! & part);
    i = end;
  }
  return count;
}

/** Set bits of a word (Warren, Hacker's Delight, figure 5-2). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
