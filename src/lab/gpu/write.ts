import * as tf from '@tensorflow/tfjs-core';
import { flushCommands, internalsOf } from './internals';

/**
 * Overwrites a tensor's values on the device and keeps its buffer, so that captured steps that read it stay valid. Commands
 * recorded earlier still read the old values.
 * @param values as many as the tensor has, int32 for an int32 tensor.
 */
export function writeTensor(tensor: tf.Tensor, values: Float32Array | Int32Array): void {
  if (values.length !== tensor.size)
    throw new Error(`${values.length} values do not fill a tensor of ${tensor.size}.`);
  const backend = internalsOf(tf.backend());
  backend.uploadToGPU(tensor.dataId);
  flushCommands(backend);
  const storage = backend.tensorMap.get(tensor.dataId);
  backend.device.queue.writeBuffer(storage.resource!, 0, values as Float32Array<ArrayBuffer>);
  storage.values = null;
}

/** As `writeTensor`, for the beginning of a buffer whose length is a multiple of 4 bytes. */
export function writeBytes(buffer: GPUBuffer, bytes: Uint8Array): void {
  const backend = internalsOf(tf.backend());
  flushCommands(backend);
  const { queue } = backend.device;
  // Only whole words can be written.
  const whole = bytes.length - (bytes.length % 4);
  queue.writeBuffer(buffer, 0, bytes as Uint8Array<ArrayBuffer>, 0, whole);
  if (whole === bytes.length) return;
  const rest = new Uint8Array(4);
  rest.set(bytes.subarray(whole));
  queue.writeBuffer(buffer, whole, rest);
}
