import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { convShape } from '../../../../src/lab/gpu/conv/shape';
import type { MatrixProduct } from '../../../../src/lab/gpu/conv/shape-class';
import { shapeClass } from '../../../../src/lab/gpu/conv/shape-class';
import { tilingNamed } from '../../../../src/lab/gpu/conv/tilings';
import { chooseTiling, tryTilings } from '../../../../src/lab/gpu/tiling-trial';
import { deviceForTests } from '../../../support/device';

const shape = convShape([4, 8, 8, 8], [3, 3, 8, 16], 1, 1);
const products: MatrixProduct[] = [
  { kind: 'forward', shape },
  { kind: 'filter-gradient', shape },
];
const right = [
  tilingNamed('128x32/4x4/k16')!,
  tilingNamed('32x32/4x4/k16')!,
  tilingNamed('128x32/4x4/k16/v')!,
];
it('a tiling must save time to be chosen, and be right in every class', () => {
  const tried = [
    { tiling: 'usual', milliseconds: 10 },
    { tiling: 'little', milliseconds: 9.6 },
    { tiling: 'never', milliseconds: 3 },
    { tiling: 'fast', milliseconds: 5 },
  ];
  expect(chooseTiling(tried, 'usual', new Set(['never']))).toBe('fast');
  expect(chooseTiling(tried.slice(0, 2), 'usual', new Set())).toBe('usual');
  expect(chooseTiling(tried.slice(0, 2), 'usual', new Set(['usual']))).toBe('little');
  expect(chooseTiling([], 'usual', new Set())).toBe('usual');
});

describe('trial of tilings, forced on any adapter', () => {
  const device = deviceForTests({ products: 'tiled' });

  it('chooses for every class among tilings that agree, to the bit', async () => {
    const before = tf.memory().numTensors;
    const trial = await tryTilings(device(), products, { tilings: right, limit: 200_000 });
    expect(trial.classes.map((each) => [each.class, each.complete])).toEqual(
      products.map(({ kind }) => [shapeClass(kind, shape), true]),
    );
    for (const { tried, chosen } of trial.classes) {
      expect(tried.map(({ tiling }) => tiling)).toEqual(right.map(({ id }) => id));
      expect(tried.every(({ milliseconds, wrong }) => milliseconds! > 0 && !wrong)).toBe(true);
      expect(tried.slice(1).every(({ sameBits }) => sameBits)).toBe(true);
      expect(right.map(({ id }) => id)).toContain(chosen);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends when time is up, with the defaults of what it did not reach', async () => {
    let clock = 0;
    const trial = await tryTilings(device(), products, {
      tilings: right,
      limit: 2000,
      now: () => (clock += 300),
    });
    expect(trial.classes.some(({ complete }) => !complete)).toBe(true);
    expect(trial.classes.at(-1)).toMatchObject({ tried: [], chosen: '128x32/4x4/k16' });
  });
});

describe('trial on a device whose compiler is at fault', () => {
  const device = deviceForTests({ products: 'tiled' });

  it('names what computes something else and what does not compile, and chooses neither', async () => {
    const { gpu } = device();
    const compile = gpu.createShaderModule.bind(gpu);
    gpu.createShaderModule = ({ label = '', code }) =>
      compile({
        label,
        code: label.includes('32x32')
          ? code.replace('fma(vec4f(a0[1])', 'fma(vec4f(a0[2])')
          : label.includes('/v')
            ? `${code} fn main() {}`
            : code,
      });
    const { classes } = await tryTilings(device(), products.slice(0, 1), { tilings: right, limit: 200_000 });
    expect(classes[0]!.chosen).toBe('128x32/4x4/k16');
    expect(classes[0]!.tried).toMatchObject([
      { tiling: '128x32/4x4/k16' },
      { tiling: '32x32/4x4/k16', sameBits: false, wrong: 'Its result is not that of 1 other tiling.' },
      { tiling: '128x32/4x4/k16/v', wrong: expect.stringContaining('This device does not compile it') },
    ]);
  });
});
