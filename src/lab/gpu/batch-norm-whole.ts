import type * as tf from '@tensorflow/tfjs-core';
import {
  CHUNK_UNIFORMS,
  chunkRowsOf,
  incoming,
  layoutOf,
  MOMENTS_OF_CHUNK,
  MOVE_RUNNING,
  sumsOfChunk,
  valueAt,
} from './batch-norm-kernels';
import { buffers, type Kernel, type Lanes } from './kernel';
import { runKernel, THREADS } from './run';

/*
 * Training's batch normalisation in one dispatch each way, for activations of few rows: a workgroup does all of its columns. Sums are
 * taken by the chunks and in the order of batch-norm-kernels.ts, whose dispatches give the same bits.
 */

/** Columns of a workgroup, side by side: what they hold of a row is a cache line. */
const COLUMNS = 4;
/** Threads to a column. Every device allows 256 threads in a workgroup. */
const STRETCHES = THREADS;
const WORKGROUP = COLUMNS * STRETCHES;

/** With more, the few workgroups would take longer than three dispatches of many. */
const MOST_CHUNKS = 2 * STRETCHES;

function chunksOf(x: tf.Tensor) {
  const { rows, columns, element } = layoutOf(x);
  const chunkRows = chunkRowsOf(rows);
  return { element, uniforms: { rows, columns, chunk_rows: chunkRows, chunks: Math.ceil(rows / chunkRows) } };
}

/** Whether x `[..., channels]` has few enough rows. */
export const fitsOneDispatch = (x: tf.Tensor): boolean => chunksOf(x).uniforms.chunks <= MOST_CHUNKS;

/**
 * The threads of a column each take a stretch of its chunks, the first of them puts the stretches together, and all go over the rows.
 * @param stretch takes the chunks of thread `own`; @param merge adds `other` to `all`; @param whole uses all of them;
 * @param row is done at every place of the column
 */
const perColumn = (
  type: string,
  stretch: string,
  merge: string,
  whole: string,
  before: string,
  row: string,
) => `
  var<workgroup> stretches: array<${type}, ${WORKGROUP}>;
  @compute @workgroup_size(${WORKGROUP})
  fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
    let column = flat_group(group, groups) * ${COLUMNS}u + lane % ${COLUMNS}u;
    let own = lane / ${COLUMNS}u;
    let inside = column < uniforms.columns;
    if (inside) { ${stretch} }
    workgroupBarrier();
    if (inside && own == 0u) {
      var all = stretches[lane];
      for (var other = lane + ${COLUMNS}u; other < ${WORKGROUP}u; other += ${COLUMNS}u) { ${merge} }
      stretches[lane] = all;
      ${whole}
    }
    workgroupBarrier();
    if (!inside) { return; }
    let all = stretches[lane % ${COLUMNS}u];
    ${before}
    for (var row = own; row < uniforms.rows; row += ${STRETCHES}u) {
      let at = row * uniforms.columns + column;
      ${row}
    }
  }`;

/** Rows of `statistics` are the mean, the biased variance, and gamma for the way back, which has no buffer to spare. */
const forward = (element: Lanes, residual: boolean, relu: boolean): Kernel => ({
  key: `batch-norm-whole:forward:${element}:${residual}:${relu}`,
  inputs: buffers(element, 'x', 'gamma', 'beta', ...(residual ? ['residual'] : [])),
  outputs: buffers(element, 'y', 'statistics', 'running_mean', 'running_variance'),
  uniforms: { ...CHUNK_UNIFORMS, momentum: 'f32', eps: 'f32' },
  source: () => `
    alias lanes = ${element};
    ${MOMENTS_OF_CHUNK}
    ${perColumn(
      'Moments',
      `let each = (uniforms.chunks + ${STRETCHES - 1}u) / ${STRETCHES}u;
      var all = Moments(0.0, lanes(), lanes());
      for (var chunk = own * each; chunk < min((own + 1u) * each, uniforms.chunks); chunk++) {
        all = merge(all, moments_of(column, chunk));
      }
      stretches[lane] = all;`,
      'all = merge(all, stretches[other]);',
      `statistics[column] = all.mean;
      statistics[uniforms.columns + column] = all.m2 / all.count;
      statistics[2u * uniforms.columns + column] = gamma[column];
      ${MOVE_RUNNING}`,
      `let scale = gamma[column] / sqrt(all.m2 / all.count + uniforms.eps);
    let center = all.mean;
    let shift = beta[column];`,
      valueAt(residual, relu),
    )}`,
});

/**
 * `relu(gamma * (x - mean) / sqrt(variance + eps) + beta + residual)` with the batch's statistics; moves the running ones in place.
 * @returns y, and the statistics `[3, channels]` for `wholeGradients`
 */
export function normaliseWhole(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  running: [mean: tf.Variable, variance: tf.Variable],
  residual: tf.Tensor | undefined,
  { relu, eps, momentum }: { relu: boolean; eps: number; momentum: number },
): [y: tf.Tensor, statistics: tf.Tensor] {
  const { element, uniforms } = chunksOf(x);
  const [y, statistics] = runKernel(forward(element, residual !== undefined, relu), {
    inputs: [x, gamma, beta, ...(residual ? [residual] : [])],
    outputs: [{ shape: x.shape }, { shape: [3, ...gamma.shape] }, ...running],
    uniforms: { ...uniforms, momentum, eps },
    groups: Math.ceil(uniforms.columns / COLUMNS),
  });
  return [y!, statistics!];
}

const backward = (element: Lanes, relu: boolean, residual: boolean): Kernel => ({
  key: `batch-norm-whole:backward:${element}:${relu}:${residual}`,
  inputs: buffers(element, 'dy', 'x', 'statistics', ...(relu ? ['y'] : [])),
  outputs: buffers(element, 'dx', 'dgamma', 'dbeta', ...(residual ? ['dresidual'] : [])),
  uniforms: { ...CHUNK_UNIFORMS, eps: 'f32', share: 'f32' },
  source: () => `
    alias lanes = ${element};
    ${sumsOfChunk(relu)}
    ${perColumn(
      'Sums',
      `var all = Sums(lanes(), lanes());
      for (var chunk = own; chunk < uniforms.chunks; chunk += ${STRETCHES}u) {
        let sums = sums_of(column, chunk, statistics[column]);
        all.gradients += sums.gradients;
        all.products += sums.products;
      }
      stretches[lane] = all;`,
      `all.gradients += stretches[other].gradients;
        all.products += stretches[other].products;`,
      `dbeta[column] = all.gradients;
      dgamma[column] = all.products * (lanes(1.0) / sqrt(statistics[uniforms.columns + column] + uniforms.eps));`,
      `let inverse_std = lanes(1.0) / sqrt(statistics[uniforms.columns + column] + uniforms.eps);
    let center = statistics[column];
    let scale = statistics[2u * uniforms.columns + column] * inverse_std;
    let mean_gradient = all.gradients * uniforms.share;
    let slope = all.products * inverse_std * inverse_std * uniforms.share;`,
      `${incoming(relu)}
      dx[at] = scale * (g - mean_gradient - (x[at] - center) * slope);
      ${residual ? 'dresidual[at] = g;' : ''}`,
    )}`,
});

/**
 * Gradients of `normaliseWhole` for x, gamma, beta and, if there was one, the residual.
 * @param y the saved output where a ReLU was applied
 */
export function wholeGradients(
  dy: tf.Tensor,
  x: tf.Tensor,
  statistics: tf.Tensor,
  y: tf.Tensor | undefined,
  { residual, eps }: { residual: boolean; eps: number },
): tf.Tensor[] {
  const { element, uniforms } = chunksOf(x);
  const relu = y !== undefined;
  const channels = { shape: statistics.shape.slice(1) };
  const maskedResidual = residual && relu;
  const [dx, dgamma, dbeta, dresidual] = runKernel(backward(element, relu, maskedResidual), {
    inputs: [dy, x, statistics, ...(relu ? [y] : [])],
    outputs: [{ shape: x.shape }, channels, channels, ...(maskedResidual ? [{ shape: x.shape }] : [])],
    uniforms: { ...uniforms, eps, share: 1 / uniforms.rows },
    groups: Math.ceil(uniforms.columns / COLUMNS),
  });
  return [dx!, dgamma!, dbeta!, ...(residual ? [dresidual ?? dy.clone()] : [])];
}
