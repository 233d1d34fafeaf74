import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import { describeAdapter } from '../../../src/lab/gpu/adapter';
import { openDevice } from '../../../src/lab/gpu/device';
import { productsOf } from '../../../src/lab/gpu/products';
import { LetheError } from '../../../src/lab/settings';
import { productVariants } from '../../support/device';

afterEach(() => vi.unstubAllGlobals());

test('openDevice: TF.js computes on our device, with the limits of the adapter', async () => {
  const device = await openDevice();
  expect(tf.backend()).toBe(device.backend);
  const adapter = await navigator.gpu.requestAdapter();
  expect(device.gpu.limits.maxStorageBufferBindingSize).toBe(adapter!.limits.maxStorageBufferBindingSize);
  expect(await tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).data()).toEqual(new Float32Array(4).fill(3));
  device.check();
  device.dispose();
});

test('openDevice: an invalid shader is reported as an error', async () => {
  const errors: LetheError[] = [];
  const device = await openDevice({ onError: (error) => errors.push(error) });
  device.gpu.createShaderModule({ code: 'this is not WGSL' });
  await expect(device.guard(new Promise(() => undefined))).rejects.toThrow(LetheError);
  expect(errors).toHaveLength(1);
  expect(() => device.check()).toThrow(/reported an error/);
  await expect(device.failed).resolves.toMatch(/reported an error/);
  device.dispose();
});

test('device loss: rejects what is awaited, and opening again gives a working device', async () => {
  const first = await openDevice();
  const pending = first.guard(new Promise(() => undefined));
  first.gpu.destroy();
  await expect(pending).rejects.toThrow(/lost/);
  await first.lost;
  const second = await openDevice();
  expect(second.backend).not.toBe(first.backend);
  expect(await tf.add(tf.scalar(1), tf.scalar(2)).data()).toEqual(new Float32Array([3]));
  first.dispose();
  expect(await tf.add(tf.scalar(2), tf.scalar(2)).data()).toEqual(new Float32Array([4]));
  second.dispose();
});

test('products: suit the adapter unless others are asked for', async () => {
  const variants = await productVariants();
  const device = await openDevice();
  expect(productsOf(device.backend).variant).toBe(device.description.software ? variants[0] : 'tiled');
  const other = await openDevice({ products: 'register' });
  expect(productsOf(other.backend).variant).toBe('register');
  device.dispose();
  other.dispose();
  if (!variants.includes('subgroup'))
    await expect(openDevice({ products: 'subgroup' })).rejects.toThrow('no subgroups of one fixed size');
});

test('openDevice: says what is missing without WebGPU or adapter', async () => {
  vi.stubGlobal('navigator', {});
  await expect(openDevice()).rejects.toThrow(/no WebGPU/);
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  await expect(openDevice()).rejects.toThrow(/no graphics adapter/);
});

test.each([
  [
    { vendor: 'mesa', architecture: 'software', device: 'llvmpipe-llvm-15', description: '' },
    'llvmpipe (CPU)',
  ],
  [{ vendor: 'google', architecture: 'swiftshader', device: '', description: '' }, 'SwiftShader (CPU)'],
  [{ vendor: '', architecture: '', device: '', description: 'Microsoft Basic Render Driver' }, 'WARP (CPU)'],
  [{ vendor: 'nvidia', architecture: 'ampere', device: '', description: '' }, 'nvidia ampere'],
])('describeAdapter: %j', (info, label) => {
  expect(describeAdapter(info)).toMatchObject({ label, software: label.endsWith('(CPU)') });
});
