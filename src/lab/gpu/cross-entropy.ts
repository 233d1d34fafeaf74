import * as tf from '@tensorflow/tfjs-core';
import { internalsOf } from './internals';
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

/** Gradient of a row's cross-entropy, times `factor`. */
const ROW_GRADIENT = `
  fn row_gradient(row: u32, factor: f32) {
    let begin = row * uniforms.classes;
    var largest = logits[begin];
    for (var c = 1u; c < uniforms.classes; c++) { largest = max(largest, logits[begin + c]); }
    var sum = 0.0;
    for (var c = 0u; c < uniforms.classes; c++) { sum += exp(logits[begin + c] - largest); }
    let truth = min(u32(labels[row]), uniforms.classes - 1u);
    for (var c = 0u; c < uniforms.classes; c++) {
      let probability = exp(logits[begin + c] - largest) / sum;
      dlogits[begin + c] = factor * (probability - select(0.0, 1.0, c == truth));
    }
  }`;

/**
 * One workgroup for all rows, so that the mean needs no second dispatch. The order of the sum is fixed. The gradient is that of a loss
 * which nothing is computed from.
 */
const meanLoss: Kernel = {
  key: 'cross-entropy:mean',
  inputs: { logits: 'f32', labels: 'i32' },
  outputs: { loss: 'f32', dlogits: 'f32' },
  uniforms: { rows: 'u32', classes: 'u32' },
  source: () => `
    ${ROW_LOSS}
    ${ROW_GRADIENT}
    var<workgroup> sums: array<f32, ${THREADS}>;
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(local_invocation_index) lane: u32) {
      var sum = 0.0;
      for (var row = lane; row < uniforms.rows; row += ${THREADS}u) {
        sum += row_loss(row);
        row_gradient(row, 1.0 / f32(uniforms.rows));
      }
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
  source: () => `
    ${ROW_GRADIENT}
    ${threadPerItem(
      'uniforms.rows',
      'row_gradient(i, select(dy[0] / f32(uniforms.rows), dy[i * uniforms.per_row], uniforms.per_row == 1u));',
    )}`,
};

/** @param shape of the losses: one for all rows, or one a row */
function gradient(dy: tf.Tensor, logits: tf.Tensor, labels: tf.Tensor, shape: number[]): tf.Tensor {
  const [rows, classes] = logits.shape as [number, number];
  return runKernel(backward, {
    inputs: [logits, labels, dy],
    outputs: [{ shape: logits.shape }],
    uniforms: { rows, classes, per_row: shape.length },
    groups: groupsFor(rows),
  })[0]!;
}

/**
 * Mean softmax cross-entropy with hard labels. Differentiable in the logits: the dispatch that computes it computes its gradient too,
 * and where it is the last of the objective, that needs no second one.
 * @param logits `[n, classes]`; `labels` int32 `[n]`, each below `classes`.
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const [rows, classes] = logits.shape;
  return tf.customGrad((...args) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const [value, own] = runKernel(meanLoss, {
      inputs: [input, labels],
      outputs: [{ shape: [] }, { shape: input.shape }],
      uniforms: { rows, classes },
      groups: 1,
    });
    save([input, labels, own!]);
    return {
      value: value!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        isOne(dy) ? saved[2]!.clone() : gradient(dy, saved[0]!, saved[1]!, []),
    };
  })(logits) as tf.Scalar;
}

/** Whether a scalar is the 1 with which the tape begins, which is known before it is on the device. */
function isOne({ dataId }: tf.Tensor): boolean {
  const values = internalsOf(tf.backend()).tensorMap.get(dataId).values;
  return values?.[0] === 1;
}

/** The same per example, `[n]`. Differentiable in the logits. */
export function crossEntropyPerExample(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const [rows, classes] = logits.shape;
  return tf.customGrad((...args) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    save([input, labels]);
    return {
      value: runKernel(rowLosses, {
        inputs: [input, labels],
        outputs: [{ shape: [rows] }],
        uniforms: { rows, classes },
        groups: groupsFor(rows),
      })[0]!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy, saved[0]!, saved[1]!, [rows]),
    };
  })(logits) as tf.Tensor1D;
}
