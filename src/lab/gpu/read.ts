import * as tf from '@tensorflow/tfjs-core';
import { flushCommands, internalsOf } from './internals';

/**
 * The values a tensor has at this point of the queue. Unlike `tensor.data()` nothing is cached, so reads may overlap with steps
 * that change the tensor in place.
 */
export async function readTensor(tensor: tf.Tensor): Promise<Float32Array | Int32Array> {
  const backend = internalsOf(tf.backend());
  if (tensor.size === 0) return tensor.dtype === 'float32' ? new Float32Array(0) : new Int32Array(0);
  backend.uploadToGPU(tensor.dataId);
  flushCommands(backend);
  const { device } = backend;
  const size = 4 * tensor.size;
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(backend.tensorMap.get(tensor.dataId).resource!, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  return tensor.dtype === 'float32' ? new Float32Array(bytes) : new Int32Array(bytes);
}
