import * as tf from '@tensorflow/tfjs-core';
import { buffers, type Kernel, type Lanes, lanesOf } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

const UNIFORMS = { rows: 'u32', columns: 'u32' } as const;

/** Rows are read by `lanes`; `columns` counts these. */
const total = (element: Lanes) => `
  alias lanes = ${element};
  const WIDTH = ${element === 'f32' ? 1 : 4}u;
  fn total(value: lanes) -> f32 { return ${element === 'f32' ? 'value' : 'value.x + value.y + value.z + value.w'}; }`;

/** One thread per row. `statistics` keeps mean and 1/std of every row for the gradient. */
const forward = (element: Lanes): Kernel => ({
  key: `layer-norm:forward:${element}`,
  inputs: buffers(element, 'x', 'gamma', 'beta'),
  outputs: { y: element, statistics: 'f32' },
  uniforms: { ...UNIFORMS, eps: 'f32' },
  source: () =>
    `${total(element)} ${threadPerItem(
      'uniforms.rows',
      `let begin = i * uniforms.columns;
      let size = f32(uniforms.columns * WIDTH);
      var sum = lanes();
      for (var c = 0u; c < uniforms.columns; c++) { sum += x[begin + c]; }
      let mean = total(sum) / size;
      var squares = lanes();
      for (var c = 0u; c < uniforms.columns; c++) {
        let deviation = x[begin + c] - mean;
        squares += deviation * deviation;
      }
      let inverse_std = 1.0 / sqrt(total(squares) / size + uniforms.eps);
      for (var c = 0u; c < uniforms.columns; c++) {
        y[begin + c] = (x[begin + c] - mean) * inverse_std * gamma[c] + beta[c];
      }
      statistics[2u * i] = mean;
      statistics[2u * i + 1u] = inverse_std;`,
    )}`,
});

const inputGradient = (element: Lanes): Kernel => ({
  key: `layer-norm:input-gradient:${element}`,
  inputs: { dy: element, x: element, gamma: element, statistics: 'f32' },
  outputs: { dx: element },
  uniforms: UNIFORMS,
  source: () =>
    `${total(element)} ${threadPerItem(
      'uniforms.rows',
      `let begin = i * uniforms.columns;
      let mean = statistics[2u * i];
      let inverse_std = statistics[2u * i + 1u];
      var sum = lanes();
      var product = lanes();
      for (var c = 0u; c < uniforms.columns; c++) {
        let g = dy[begin + c] * gamma[c];
        sum += g;
        product += g * (x[begin + c] - mean) * inverse_std;
      }
      let mean_gradient = total(sum) / f32(uniforms.columns * WIDTH);
      let slope = total(product) / f32(uniforms.columns * WIDTH);
      for (var c = 0u; c < uniforms.columns; c++) {
        let normalized = (x[begin + c] - mean) * inverse_std;
        dx[begin + c] = inverse_std * (dy[begin + c] * gamma[c] - mean_gradient - normalized * slope);
      }`,
    )}`,
});

/** Rows whose contributions to the affine gradients one thread sums. */
const CHUNK_ROWS = 64;

const partialAffine = (element: Lanes): Kernel => ({
  key: `layer-norm:partial-affine:${element}`,
  inputs: { dy: element, x: element, statistics: 'f32' },
  outputs: { partial: element },
  uniforms: UNIFORMS,
  source: () =>
    `${total(element)} ${threadPerItem(
      `uniforms.columns * ((uniforms.rows + ${CHUNK_ROWS - 1}u) / ${CHUNK_ROWS}u)`,
      `let column = i % uniforms.columns;
      let chunk = i / uniforms.columns;
      var sum = lanes();
      var product = lanes();
      for (var row = chunk * ${CHUNK_ROWS}u; row < min((chunk + 1u) * ${CHUNK_ROWS}u, uniforms.rows); row++) {
        let g = dy[row * uniforms.columns + column];
        sum += g;
        product += g * (x[row * uniforms.columns + column] - statistics[2u * row]) * statistics[2u * row + 1u];
      }
      partial[2u * chunk * uniforms.columns + column] = sum;
      partial[(2u * chunk + 1u) * uniforms.columns + column] = product;`,
    )}`,
});

const finishAffine = (element: Lanes): Kernel => ({
  key: `layer-norm:affine:${element}`,
  inputs: { partial: element },
  outputs: buffers(element, 'dgamma', 'dbeta'),
  uniforms: { chunks: 'u32', columns: 'u32' },
  source: () =>
    `${total(element)} ${threadPerItem(
      'uniforms.columns',
      `var sum = lanes();
      var product = lanes();
      for (var chunk = 0u; chunk < uniforms.chunks; chunk++) {
        sum += partial[2u * chunk * uniforms.columns + i];
        product += partial[(2u * chunk + 1u) * uniforms.columns + i];
      }
      dbeta[i] = sum;
      dgamma[i] = product;`,
    )}`,
});

/**
 * Normalises over the last dimension (biased variance), then scales and shifts. Differentiable in all three.
 * @param x `[..., columns]`; `gamma` and `beta` `[columns]`.
 */
export function layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor, beta: tf.Tensor, eps = 1e-5): T {
  const rows = x.size / gamma.size;
  const { element, count: columns } = lanesOf(gamma.size);
  const normalize = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [input, scale, shift] = args as tf.Tensor[];
    const [value, statistics] = runKernel(forward(element), {
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
    const [dx] = runKernel(inputGradient(element), {
      inputs: [dy, input!, scale!, statistics!],
      outputs: [{ shape: x.shape }],
      uniforms: { rows, columns },
      groups: groupsFor(rows),
    });
    const [partial] = runKernel(partialAffine(element), {
      inputs: [dy, input!, statistics!],
      outputs: [{ shape: [chunks, 2, gamma.size] }],
      uniforms: { rows, columns },
      groups: groupsFor(chunks * columns),
    });
    const affine = runKernel(finishAffine(element), {
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
