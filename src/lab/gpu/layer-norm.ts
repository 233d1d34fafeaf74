import * as tf from '@tensorflow/tfjs-core';
import { branch } from './branch';
import { buffers, type Kernel, type Lanes, lanesOf } from './kernel';
import { sumOverRows } from './row-sums';
import { groupsFor, runKernel, THREADS, threadPerItem } from './run';

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

/** For a column: its part in the gradients of gamma and beta. */
const affine = (element: Lanes) =>
  sumOverRows(
    element,
    ['sum', 'product'],
    `let g = dy[row * uniforms.columns + column];
    sum += g;
    product += g * (x[row * uniforms.columns + column] - statistics[2u * row]) * statistics[2u * row + 1u];`,
  );

/**
 * All gradients in one dispatch. The first workgroups have a row a thread, for x; each of the others a column, for gamma and beta.
 */
const backward = (element: Lanes, addend: boolean): Kernel => ({
  key: `layer-norm:backward:${element}:${addend}`,
  inputs: {
    dy: element,
    x: element,
    gamma: element,
    statistics: 'f32',
    ...(addend && { addend: element }),
  },
  outputs: buffers(element, 'dx', 'dgamma', 'dbeta'),
  uniforms: UNIFORMS,
  source: () => `
    ${total(element)}
    fn input_gradient(row: u32) {
      let begin = row * uniforms.columns;
      let mean = statistics[2u * row];
      let inverse_std = statistics[2u * row + 1u];
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
        let gradient = inverse_std * (dy[begin + c] * gamma[c] - mean_gradient - normalized * slope);
        dx[begin + c] = gradient${addend ? ' + addend[begin + c]' : ''};
      }
    }
    ${affine(element).shared}
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
      let number = flat_group(group, groups);
      let row_groups = (uniforms.rows + ${THREADS - 1}u) / ${THREADS}u;
      if (number < row_groups) {
        let row = number * ${THREADS}u + lane;
        if (row < uniforms.rows) { input_gradient(row); }
        return;
      }
      let column = number - row_groups;
      if (column >= uniforms.columns) { return; }
      ${affine(element).sum}
      if (lane == 0u) {
        dbeta[column] = sum;
        dgamma[column] = product;
      }
    }`,
});

/** y, and the statistics of each row for the way back. */
function normalise(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, eps: number): [tf.Tensor, tf.Tensor] {
  const { element, count: columns } = lanesOf(gamma.size);
  const rows = x.size / gamma.size;
  const [y, statistics] = runKernel(forward(element), {
    inputs: [x, gamma, beta],
    outputs: [{ shape: x.shape }, { shape: [rows, 2] }],
    uniforms: { rows, columns, eps },
    groups: groupsFor(rows),
  });
  return [y!, statistics!];
}

/** Gradients for x, with `addend` added, gamma and beta. */
function gradients(dy: tf.Tensor, [x, gamma, statistics]: tf.Tensor[], addend?: tf.Tensor): tf.Tensor[] {
  const { element, count: columns } = lanesOf(gamma!.size);
  const rows = x!.size / gamma!.size;
  return runKernel(backward(element, addend !== undefined), {
    inputs: [dy, x!, gamma!, statistics!, ...(addend ? [addend] : [])],
    outputs: [x!, gamma!, gamma!].map(({ shape }) => ({ shape })),
    uniforms: { rows, columns },
    groups: groupsFor(rows) + columns,
  });
}

/**
 * Normalises over the last dimension (biased variance), then scales and shifts. Differentiable in all three.
 * @param x `[..., columns]`; `gamma` and `beta` `[columns]`.
 */
export function layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor, beta: tf.Tensor, eps = 1e-5): T {
  return tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [input, scale, shift] = args as [tf.Tensor, tf.Tensor, tf.Tensor];
    const [value, statistics] = normalise(input, scale, shift, eps);
    save([input, scale, statistics]);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradients(dy, saved) };
  })(x, gamma, beta) as T;
}

/** The same, and x for another branch of the network: see branch.ts. */
export function layerNormBranch<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  eps = 1e-5,
): [normalised: T, x: T] {
  return branch(
    [x, gamma, beta],
    (save) => {
      const [value, statistics] = normalise(x, gamma, beta, eps);
      save([x, gamma, statistics]);
      return value;
    },
    (dy, addend, saved) => gradients(dy, saved, addend).map((gradient) => () => gradient),
  ) as [T, T];
}
