import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../tensors';
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
  const networkOf = (weights: Checkpoint) => {
    const network = createNetwork(spec, read);
    network.load(weights);
    return network;
  };
  if ('weights' in teacher) {
    const own = networkOf(teacher.weights);
    if (!teacher.other)
      return { logits: (images) => own.logits(images, false), dispose: () => own.dispose() };
    const { weights, examples } = teacher.other;
    const other = networkOf(weights);
    const ofOther = new Float32Array(count);
    for (const example of examples) ofOther[example] = 1;
    const shares = [
      {
        network: own,
        share: tf.tensor2d(
          ofOther.map((mark) => 1 - mark),
          [count, 1],
        ),
      },
      { network: other, share: tf.tensor2d(ofOther, [count, 1]) },
    ];
    return {
      // Both go forward on all images: which are whose differs from batch to batch, and a step is captured once for all of them.
      logits: (images, indices) =>
        shares
          .map(({ network, share }) => tf.mul(network.logits(images, false), tf.gather(share, indices)))
          .reduce((sum, part) => tf.add(sum, part)) as tf.Tensor2D,
      dispose() {
        for (const { network, share } of shares) {
          network.dispose();
          share.dispose();
        }
      },
    };
  }
  const { outputs } = teacher;
  const table = tf.tensor2d(outputs, [count, outputs.length / count]);
  return {
    logits: (_, indices) => tf.gather(table, indices) as tf.Tensor2D,
    dispose: () => table.dispose(),
  };
}
