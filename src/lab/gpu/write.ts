import * as tf from '@tensorflow/tfjs-core';
import { flush, internalsOf } from './internals';

/**
 * Overwrites a tensor's values on the device and keeps its buffer, so that whatever was captured with it stays valid. What was
 * recorded before sees the old values.
 * @param values as many as the tensor has, int32 for an int32 tensor.
 */
export function writeTensor(tensor: tf.Tensor, values: Float32Array | Int32Array): void {
  if (values.length !== tensor.size)
    throw new Error(`${values.length} values do not fill a tensor of ${tensor.size}.`);
  const backend = internalsOf(tf.backend());
  backend.uploadToGPU(tensor.dataId);
  flush(backend);
  const storage = backend.tensorMap.get(tensor.dataId);
  backend.device.queue.writeBuffer(storage.resource!, 0, values as Float32Array<ArrayBuffer>);
  storage.values = null;
}
