import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, runKernel, THREADS, threadPerItem } from './run';

/** Cross-entropy of one row of `logits`, without overflow for any logits. */
const ROW_LOSS = `
  fn row_loss(row: u32) -> f32 {
    let begin = row * uniforms.classes;
    var largest = logits[begin];
    for (var c = 1u; c < uniforms.classes; c++) { largest = max(largest, logits[begin + c]); }
    var sum = 0.0;
    for (var c = 0u; c < uniforms.classes; c++) { sum += exp(logits[begin + c] - largest); }
    return log(sum) - (logits[begin + min(u32(labels[row]), uniforms.classes - 1u)] - largest);
  }`;

const rowLosses: Kernel = {
  key: 'cross-entropy:rows',
  inputs: { logits: 'f32', labels: 'i32' },
  outputs: { losses: 'f32' },
  uniforms: { rows: 'u32', classes: 'u32' },
  source: () => `${ROW_LOSS} ${threadPerItem('uniforms.rows', 'losses[i] = row_loss(i);')}`,
};

/** One workgroup for all rows, so that the mean needs no second dispatch. The order of the sum is fixed. */
const meanLoss: Kernel = {
  key: 'cross-entropy:mean',
  inputs: { logits: 'f32', labels: 'i32' },
  outputs: { loss: 'f32' },
  uniforms: { rows: 'u32', classes: 'u32' },
  source: () => `
    ${ROW_LOSS}
    var<workgroup> sums: array<f32, ${THREADS}>;
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(local_invocation_index) lane: u32) {
      var sum = 0.0;
      for (var row = lane; row < uniforms.rows; row += ${THREADS}u) { sum += row_loss(row); }
      sums[lane] = sum;
      workgroupBarrier();
      if (lane != 0u) { return; }
      for (var other = 1u; other < ${THREADS}u; other++) { sum += sums[other]; }
      loss[0] = sum / f32(uniforms.rows);
    }`,
};

/** `dy` holds one number for all rows (`per_row` 0) or one each (`per_row` 1). */
const backward: Kernel = {
  key: 'cross-entropy:backward',
  inputs: { logits: 'f32', labels: 'i32', dy: 'f32' },
  outputs: { dlogits: 'f32' },
  uniforms: { rows: 'u32', classes: 'u32', per_row: 'u32' },
  source: () =>
    threadPerItem(
      'uniforms.rows',
      `let begin = i * uniforms.classes;
      var largest = logits[begin];
      for (var c = 1u; c < uniforms.classes; c++) { largest = max(largest, logits[begin + c]); }
      var sum = 0.0;
      for (var c = 0u; c < uniforms.classes; c++) { sum += exp(logits[begin + c] - largest); }
      let factor = select(dy[0] / f32(uniforms.rows), dy[i * uniforms.per_row], uniforms.per_row == 1u);
      let truth = min(u32(labels[i]), uniforms.classes - 1u);
      for (var c = 0u; c < uniforms.classes; c++) {
        let probability = exp(logits[begin + c] - largest) / sum;
        dlogits[begin + c] = factor * (probability - select(0.0, 1.0, c == truth));
      }`,
    ),
};

function crossEntropyWith(kernel: Kernel, shape: number[], groups: number) {
  return (logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor => {
    const [rows, classes] = logits.shape;
    return tf.customGrad((input, save) => {
      (save as tf.GradSaveFunc)([input as tf.Tensor, labels]);
      return {
        value: runKernel(kernel, {
          inputs: [input as tf.Tensor, labels],
          outputs: [{ shape }],
          uniforms: { rows, classes },
          groups,
        })[0]!,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
          runKernel(backward, {
            inputs: [saved[0]!, saved[1]!, dy],
            outputs: [{ shape: logits.shape }],
            uniforms: { rows, classes, per_row: shape.length },
            groups: groupsFor(rows),
          }),
      };
    })(logits);
  };
}

/**
 * Mean softmax cross-entropy with hard labels: one dispatch forward, one back. Differentiable in the logits.
 * @param logits `[n, classes]`; `labels` int32 `[n]`, each below `classes`.
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return crossEntropyWith(meanLoss, [], 1)(logits, labels) as tf.Scalar;
}

/** The same per example, `[n]`. Differentiable in the logits. */
export function crossEntropyPerExample(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const rows = logits.shape[0];
  return crossEntropyWith(rowLosses, [rows], groupsFor(rows))(logits, labels) as tf.Tensor1D;
}
