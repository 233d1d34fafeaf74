import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/** Makes TF.js compute on a fresh device of the machine's first adapter. */
export async function useDevice(): Promise<WebGPUBackend> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('These tests need a WebGPU adapter.');
  const device = await adapter.requestDevice();
  device.addEventListener('uncapturederror', (event) => {
    throw event.error;
  });
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await tf.setBackend('webgpu');
  await tf.ready();
  return tf.backend() as WebGPUBackend;
}
