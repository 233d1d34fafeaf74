import { expect, test } from 'vitest';
import type { Kernel } from '../../../src/lab/gpu/kernel';
import { philoxSource } from '../../../src/lab/gpu/philox';
import { groupsFor, runKernel, threadPerItem } from '../../../src/lab/gpu/run';
import { philox, randomStream } from '../../../src/lab/rng';
import { deviceForTests } from '../../support/device';

deviceForTests();

const BLOCKS = 300;
const kernel: Kernel = {
  key: 'test:philox',
  inputs: {},
  outputs: { words: 'u32', uniforms_of_words: 'f32' },
  uniforms: { key0: 'u32', key1: 'u32' },
  source: () => `
    ${philoxSource}
    ${threadPerItem(
      `${BLOCKS}u`,
      `let own = philox(vec4u(i, i * 2654435761u, ~i, 7u * i), vec2u(uniforms.key0, uniforms.key1));
      for (var lane = 0u; lane < 4u; lane++) {
        words[4u * i + lane] = own[lane];
        uniforms_of_words[4u * i + lane] = uniform_of(own[lane]);
      }`,
    )}`,
};

test('philox: the device draws the host’s numbers, for counters that fill all four words', async () => {
  const { key } = randomStream(7, 'augment');
  const size = 4 * BLOCKS;
  const [words, uniforms] = runKernel(kernel, {
    inputs: [],
    outputs: [{ shape: [size], dtype: 'int32' }, { shape: [size] }],
    uniforms: { key0: key[0], key1: key[1] },
    groups: groupsFor(BLOCKS),
  });
  const expected = Uint32Array.from(
    Array.from({ length: BLOCKS }, (_, i) =>
      philox([i, Math.imul(i, 2654435761) >>> 0, ~i >>> 0, 7 * i], key),
    ).flat(),
  );
  const actual = (await words!.data()) as Int32Array;
  expect(new Uint32Array(actual.buffer, actual.byteOffset, size)).toEqual(expected);
  expect(await uniforms!.data()).toEqual(Float32Array.from(expected, (word) => (word >>> 8) / 2 ** 24));
});
