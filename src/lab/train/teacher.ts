import * as tf from '@tensorflow/tfjs-core';
import { createNetwork, type Network, type ReadTensor } from './network';
import type { TrainRequest } from './trainer';

/** Gives batches their teacher's logits. */
export interface Teacher {
  /** @param images of the batch, `[n, height, width, channels]` @param indices its examples, `[n]` @returns `[n, classes]`. */
  logits(images: tf.Tensor4D, indices: tf.Tensor1D): tf.Tensor2D;
  dispose(): void;
}

/** @param count training examples. @throws LetheError when the teacher's weights do not fit the network. */
export function createTeacher(
  teacher: NonNullable<TrainRequest['teacher']>,
  { spec }: Network,
  count: number,
  read: ReadTensor,
): Teacher {
  if ('weights' in teacher) {
    const own = createNetwork(spec, read);
    own.load(teacher.weights);
    return { logits: (images) => own.logits(images, false), dispose: () => own.dispose() };
  }
  const { outputs } = teacher;
  const table = tf.tensor2d(outputs, [count, outputs.length / count]);
  return {
    logits: (_, indices) => tf.gather(table, indices) as tf.Tensor2D,
    dispose: () => table.dispose(),
  };
}
