import * as tf from '@tensorflow/tfjs-core';
import { writeTensor } from '../gpu/write';

/** Index lists on the device: one buffer per use and length, rewritten in place for each batch. */
export interface IndexBuffers {
  /** @param use buffers that are needed at the same time must differ in it. */
  write(use: string, indices: Int32Array): tf.Tensor1D;
  dispose(): void;
}

export function createIndexBuffers(): IndexBuffers {
  const buffers = new Map<string, tf.Tensor1D>();
  return {
    write(use, indices) {
      const key = `${use}:${indices.length}`;
      let buffer = buffers.get(key);
      if (buffer) writeTensor(buffer, indices);
      else buffers.set(key, (buffer = tf.keep(tf.tensor1d(indices, 'int32'))));
      return buffer;
    },
    dispose: () => tf.dispose([...buffers.values()]),
  };
}
