import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { dispatchKernel } from '../../../src/lab/gpu/dispatch';
import type { Kernel } from '../../../src/lab/gpu/kernel';
import { deviceForTests } from '../../support/device';

const scaleAndCount: Kernel = {
  key: 'test:scale-and-count',
  inputs: { x: 'f32' },
  outputs: { y: 'f32', count: 'i32' },
  uniforms: { n: 'u32', factor: 'f32' },
  source: () => `
    @compute @workgroup_size(1)
    fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
      let i = flat_group(group, groups);
      if (i >= uniforms.n) { return; }
      y[i] = uniforms.factor * x[i];
      count[i] = i32(i);
    }`,
};

const increment: Kernel = {
  key: 'test:increment',
  inputs: { by: 'f32' },
  outputs: { value: 'f32' },
  source: () => `
    @compute @workgroup_size(1)
    fn main(@builtin(workgroup_id) group: vec3u) { value[group.x] += by[0]; }`,
};

const wrap = (info: tf.TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);

describe('dispatchKernel', () => {
  const device = deviceForTests();

  it('keeps order with stock operations and returns several outputs', async () => {
    const x = tf.add(tf.tensor1d([1, 2, 3]), 1);
    const [y, count] = dispatchKernel(device().backend, scaleAndCount, {
      inputs: [x],
      outputs: [{ shape: [3] }, { shape: [3], dtype: 'int32' }],
      uniforms: { n: 3, factor: 0.5 },
      groups: 3,
    }).map(wrap);
    expect([...(await tf.add(y!, count!).data())]).toEqual([1, 2.5, 4]);
  });

  it('handles more workgroups than one side of the grid allows', async () => {
    const n = 70_001;
    const [y, count] = dispatchKernel(device().backend, scaleAndCount, {
      inputs: [tf.ones([n])],
      outputs: [{ shape: [n] }, { shape: [n], dtype: 'int32' }],
      uniforms: { n, factor: 2 },
      groups: n,
    }).map(wrap);
    expect((await y!.data()).every((value) => value === 2)).toBe(true);
    expect((await count!.data())[n - 1]).toBe(n - 1);
  });

  it('changes a variable in place, also after its values were read', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const by = tf.tensor1d([10]);
    const step = () =>
      dispatchKernel(device().backend, increment, { inputs: [by], outputs: [variable], groups: 2 });
    step();
    expect([...(await variable.data())]).toEqual([11, 12]);
    step();
    expect([...(await variable.data())]).toEqual([21, 22]);
  });

  it('refuses a buffer that is read and written at once', () => {
    const variable = tf.variable(tf.tensor1d([1]));
    const request = { inputs: [variable], outputs: [variable], groups: 1 };
    expect(() => dispatchKernel(device().backend, increment, request)).toThrow('to read and to write');
  });

  it('refuses more buffers than every device has, unless the kernel asked for them', () => {
    const names = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`x${i}`, 'f32' as const]));
    const kernel: Kernel = { ...increment, key: 'test:many', inputs: names };
    const inputs = Array.from({ length: 8 }, () => tf.tensor1d([1]));
    const request = { inputs, outputs: [tf.variable(tf.tensor1d([1]))], groups: 1 };
    expect(() => dispatchKernel(device().backend, kernel, request)).toThrow('has 9 buffers');
  });

  it('says so where an operand is larger than what the device binds at once', () => {
    const limit = device().gpu.limits.maxStorageBufferBindingSize;
    const request = {
      inputs: [tf.tensor1d([1])],
      outputs: [{ shape: [limit / 4 + 1] }, { shape: [1], dtype: 'int32' as const }],
      uniforms: { n: 1, factor: 1 },
      groups: 1,
    };
    expect(() => dispatchKernel(device().backend, scaleAndCount, request)).toThrow(
      `This device holds at most ${Math.floor(limit / 2 ** 20)} MiB in one piece, but the kernel test:scale-and-count needs`,
    );
  });

  it('gives empty tensors for empty shapes', async () => {
    const [y] = dispatchKernel(device().backend, scaleAndCount, {
      inputs: [tf.tensor1d([])],
      outputs: [{ shape: [0] }, { shape: [0], dtype: 'int32' }],
      uniforms: { n: 0, factor: 1 },
      groups: 0,
    }).map(wrap);
    expect(await y!.data()).toEqual(new Float32Array(0));
  });
});
