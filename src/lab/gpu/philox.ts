import type * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../rng';
import type { Kernel } from './kernel';
import { groupsFor, run, threadPerItem } from './run';

/** Philox 4x32-10 as in `rng.ts`: thread i makes words 4i to 4i+3 of the stream, `first` words later. */
const kernel = (convert: 'words' | 'uniform'): Kernel => ({
  key: `philox:${convert}`,
  inputs: {},
  outputs: { values: convert === 'words' ? 'u32' : 'f32' },
  uniforms: { count: 'u32', key0: 'u32', key1: 'u32', first_block: 'u32' },
  source: () => `
    /** The high and low words of a product of two words; WGSL has no 64-bit integers. */
    fn multiply(a: u32, b: u32) -> vec2u {
      let a_low = a & 0xffffu;
      let a_high = a >> 16u;
      let b_low = b & 0xffffu;
      let b_high = b >> 16u;
      let middle = a_high * b_low + ((a_low * b_low) >> 16u);
      let cross = a_low * b_high + (middle & 0xffffu);
      return vec2u(a_high * b_high + (middle >> 16u) + (cross >> 16u), a * b);
    }
    ${threadPerItem(
      '(uniforms.count + 3u) / 4u',
      `var counter = vec4u(uniforms.first_block + i, 0u, 0u, 0u);
      var key = vec2u(uniforms.key0, uniforms.key1);
      for (var round = 0u; round < 10u; round++) {
        let left = multiply(0xd2511f53u, counter.x);
        let right = multiply(0xcd9e8d57u, counter.z);
        counter = vec4u(right.x ^ counter.y ^ key.x, right.y, left.x ^ counter.w ^ key.y, left.y);
        key += vec2u(0x9e3779b9u, 0xbb67ae85u);
      }
      for (var lane = 0u; lane < min(4u, uniforms.count - 4u * i); lane++) {
        values[4u * i + lane] = ${convert === 'words' ? 'counter[lane]' : 'f32(counter[lane] >> 8u) / 16777216.0'};
      }`,
    )}`,
});

/**
 * The stream's numbers, drawn on the device: uniform in [0, 1), float32, bit for bit what `uniform()` gives one after the other.
 * @param firstBlock skips that many blocks of four numbers.
 */
export function randomUniform(stream: Pick<RandomStream, 'key'>, shape: number[], firstBlock = 0): tf.Tensor {
  return draw('uniform', stream, shape, firstBlock);
}

/** The stream's raw words (`next()`), as int32 with the same bits. */
export function randomWords(stream: Pick<RandomStream, 'key'>, shape: number[], firstBlock = 0): tf.Tensor {
  return draw('words', stream, shape, firstBlock);
}

function draw(
  convert: 'words' | 'uniform',
  { key }: Pick<RandomStream, 'key'>,
  shape: number[],
  firstBlock: number,
): tf.Tensor {
  const count = shape.reduce((size, length) => size * length, 1);
  const [values] = run(kernel(convert), {
    inputs: [],
    outputs: [{ shape, dtype: convert === 'words' ? 'int32' : 'float32' }],
    uniforms: { count, key0: key[0], key1: key[1], first_block: firstBlock },
    groups: groupsFor(Math.ceil(count / 4)),
  });
  return values!;
}
