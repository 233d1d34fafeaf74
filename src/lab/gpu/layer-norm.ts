import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, run, threadPerItem } from './run';

const UNIFORMS = { rows: 'u32', columns: 'u32' } as const;

/** A thread a row. `statistics` holds mean and 1/std of every row for the way back. */
const forward: Kernel = {
  key: 'layer-norm:forward',
  inputs: { x: 'f32', gamma: 'f32', beta: 'f32' },
  outputs: { y: 'f32', statistics: 'f32' },
  uniforms: { ...UNIFORMS, eps: 'f32' },
  source: () =>
    threadPerItem(
      'uniforms.rows',
      `let begin = i * uniforms.columns;
      let size = f32(uniforms.columns);
      var mean = 0.0;
      for (var c = 0u; c < uniforms.columns; c++) { mean += x[begin + c]; }
      mean /= size;
      var variance = 0.0;
      for (var c = 0u; c < uniforms.columns; c++) {
        let deviation = x[begin + c] - mean;
        variance += deviation * deviation;
      }
      let inverse_std = 1.0 / sqrt(variance / size + uniforms.eps);
      for (var c = 0u; c < uniforms.columns; c++) {
        y[begin + c] = (x[begin + c] - mean) * inverse_std * gamma[c] + beta[c];
      }
      statistics[2u * i] = mean;
      statistics[2u * i + 1u] = inverse_std;`,
    ),
};

const inputGradient: Kernel = {
  key: 'layer-norm:input-gradient',
  inputs: { dy: 'f32', x: 'f32', gamma: 'f32', statistics: 'f32' },
  outputs: { dx: 'f32' },
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      'uniforms.rows',
      `let begin = i * uniforms.columns;
      let mean = statistics[2u * i];
      let inverse_std = statistics[2u * i + 1u];
      var sum = 0.0;
      var product = 0.0;
      for (var c = 0u; c < uniforms.columns; c++) {
        let g = dy[begin + c] * gamma[c];
        sum += g;
        product += g * (x[begin + c] - mean) * inverse_std;
      }
      sum /= f32(uniforms.columns);
      product /= f32(uniforms.columns);
      for (var c = 0u; c < uniforms.columns; c++) {
        let normalized = (x[begin + c] - mean) * inverse_std;
        dx[begin + c] = inverse_std * (dy[begin + c] * gamma[c] - sum - normalized * product);
      }`,
    ),
};

/** Rows whose contributions to the affine gradients one thread sums. */
const CHUNK_ROWS = 64;

const partialAffine: Kernel = {
  key: 'layer-norm:partial-affine',
  inputs: { dy: 'f32', x: 'f32', statistics: 'f32' },
  outputs: { partial: 'f32' },
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      `uniforms.columns * ((uniforms.rows + ${CHUNK_ROWS - 1}u) / ${CHUNK_ROWS}u)`,
      `let column = i % uniforms.columns;
      let chunk = i / uniforms.columns;
      var sum = 0.0;
      var product = 0.0;
      for (var row = chunk * ${CHUNK_ROWS}u; row < min((chunk + 1u) * ${CHUNK_ROWS}u, uniforms.rows); row++) {
        let g = dy[row * uniforms.columns + column];
        sum += g;
        product += g * (x[row * uniforms.columns + column] - statistics[2u * row]) * statistics[2u * row + 1u];
      }
      partial[2u * chunk * uniforms.columns + column] = sum;
      partial[(2u * chunk + 1u) * uniforms.columns + column] = product;`,
    ),
};

const finishAffine: Kernel = {
  key: 'layer-norm:affine',
  inputs: { partial: 'f32' },
  outputs: { dgamma: 'f32', dbeta: 'f32' },
  uniforms: { chunks: 'u32', columns: 'u32' },
  source: () =>
    threadPerItem(
      'uniforms.columns',
      `var sum = 0.0;
      var product = 0.0;
      for (var chunk = 0u; chunk < uniforms.chunks; chunk++) {
        sum += partial[2u * chunk * uniforms.columns + i];
        product += partial[(2u * chunk + 1u) * uniforms.columns + i];
      }
      dbeta[i] = sum;
      dgamma[i] = product;`,
    ),
};

/**
 * Normalises over the last dimension (biased variance), then scales and shifts. Differentiable in all three.
 * @param x `[..., columns]`; `gamma` and `beta` `[columns]`.
 */
export function layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor, beta: tf.Tensor, eps = 1e-5): T {
  const columns = gamma.size;
  const rows = x.size / columns;
  const normalize = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [input, scale, shift] = args as tf.Tensor[];
    const [value, statistics] = run(forward, {
      inputs: [input!, scale!, shift!],
      outputs: [{ shape: x.shape }, { shape: [rows, 2] }],
      uniforms: { rows, columns, eps },
      groups: groupsFor(rows),
    });
    save([input!, scale!, statistics!]);
    return { value: value!, gradFunc: gradients };
  });

  function gradients(dy: tf.Tensor, [input, scale, statistics]: tf.Tensor[]): tf.Tensor[] {
    const chunks = Math.ceil(rows / CHUNK_ROWS);
    const [dx] = run(inputGradient, {
      inputs: [dy, input!, scale!, statistics!],
      outputs: [{ shape: x.shape }],
      uniforms: { rows, columns },
      groups: groupsFor(rows),
    });
    const [partial] = run(partialAffine, {
      inputs: [dy, input!, statistics!],
      outputs: [{ shape: [chunks, 2, columns] }],
      uniforms: { rows, columns },
      groups: groupsFor(chunks * columns),
    });
    const affine = run(finishAffine, {
      inputs: [partial!],
      outputs: [{ shape: gamma.shape }, { shape: gamma.shape }],
      uniforms: { chunks, columns },
      groups: groupsFor(columns),
    });
    partial!.dispose();
    return [dx!, ...affine];
  }

  return normalize(x, gamma, beta) as T;
}
