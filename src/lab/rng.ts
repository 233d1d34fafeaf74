/**
 * Counter-based random numbers (Philox 4x32-10, Salmon et al. 2011): a stream is named, not positional, so that drawing
 * more for one purpose never shifts another, and any element can be recomputed on its own.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) >>> 0;
}

/** Four random u32 for a 128-bit counter (given as its low words) and a 64-bit key. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = mulHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** FNV-1a over the parts of a stream's name, for its Philox key. */
function hashName(name: string, basis: number): number {
  let hash = basis >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

export interface RandomStream {
  /** The 64-bit Philox key of this stream, for kernels that draw on the device. */
  readonly key: readonly [number, number];
  /** Next u32. */
  next(): number;
  /** Uniform in [0, 1) with 24 bits, exact in float32. */
  uniform(): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Uniform integer in [0, n), without modulo bias. */
  below(n: number): number;
  /** Fisher-Yates in place; returns its argument. */
  shuffle<T extends Int32Array | Uint32Array | unknown[]>(items: T): T;
}

/** The stream named by `path` under `seed`: `randomStream(0, 'shuffle', 'pretrain', epoch)`. */
export function randomStream(seed: number, ...path: (string | number)[]): RandomStream {
  const name = `${seed}/${path.join('/')}`;
  const key = [hashName(name, 0x811c9dc5), hashName(name, 0x9747b28c)] as const;
  let block = 0;
  let buffer: number[] = [];
  let spareNormal: number | undefined;
  const stream: RandomStream = {
    key,
    next() {
      if (buffer.length === 0)
        buffer = philox([block >>> 0, Math.floor(block++ / 2 ** 32), 0, 0], key).reverse();
      return buffer.pop()!;
    },
    uniform: () => (stream.next() >>> 8) / 2 ** 24,
    normal() {
      if (spareNormal !== undefined) {
        const value = spareNormal;
        spareNormal = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()));
      const angle = 2 * Math.PI * stream.uniform();
      spareNormal = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below(n) {
      const limit = 2 ** 32 - (2 ** 32 % n);
      let value = stream.next();
      while (value >= limit) value = stream.next();
      return value % n;
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = stream.below(i + 1);
        const held = items[i]!;
        items[i] = items[j]!;
        items[j] = held;
      }
      return items;
    },
  };
  return stream;
}

/** At most so many of some numbers, drawn without replacement, ascending; all of them, in their own order, where there are no more. */
export function sampleOf(items: Int32Array, most: number, stream: RandomStream): Int32Array {
  return items.length <= most ? items : stream.shuffle(items.slice()).subarray(0, most).sort();
}
