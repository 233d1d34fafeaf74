import type * as tf from '@tensorflow/tfjs-core';
import { buffers, type Kernel, type Lanes, lanesOf } from './kernel';
import { groupsFor, runKernel, THREADS, threadPerItem } from './run';

/**
 * All kernels see x as rows of channels, and a thread works on `lanes` of them: 4 neighbouring channels as one vector where
 * the number of channels allows, else one. The arithmetic is the same, written for the alias `lanes`.
 */
export interface Layout {
  rows: number;
  /** Channels, or vectors of 4 channels. */
  columns: number;
  element: Lanes;
}

export function layoutOf(x: tf.Tensor): Layout {
  const channels = x.shape[x.rank - 1]!;
  const { element, count } = lanesOf(channels);
  return { rows: x.size / channels, columns: count, element };
}

/** Rows that one thread sums: more would leave threads idle, fewer would make many partial results. */
export const chunkRowsOf = (rows: number) => Math.max(32, Math.ceil(rows / MAX_CHUNKS));
const MAX_CHUNKS = 1024;

/** Long float32 sums lose digits: after so many rows the running sum is added to the chunk's and begins anew. */
const BLOCK = 64;

/** Chan, Golub and LeVeque's merge of two (count, mean, M2), M2 the sum of squared deviations. */
const MERGE = `
  struct Moments { count: f32, mean: lanes, m2: lanes }
  fn merge(a: Moments, b: Moments) -> Moments {
    let count = a.count + b.count;
    if (count == 0.0) { return a; }
    let delta = b.mean - a.mean;
    let weight = b.count / count;
    return Moments(count, a.mean + delta * weight, a.m2 + b.m2 + delta * delta * (a.count * weight));
  }`;

/** Moves a column's running statistics by the moments `all` of the batch. */
export const MOVE_RUNNING = `
      let unbiased = all.m2 / max(all.count - 1.0, 1.0);
      running_mean[column] = (1.0 - uniforms.momentum) * running_mean[column] + uniforms.momentum * all.mean;
      running_variance[column] = (1.0 - uniforms.momentum) * running_variance[column] + uniforms.momentum * unbiased;`;

/** What comes out at a place of a column with this `center`, `scale` and `shift`. */
export const valueAt = (residual: boolean, relu: boolean) => `
      var value = (x[at] - center) * scale + shift;
      ${residual ? 'value += residual[at];' : ''}
      ${relu ? 'value = max(value, lanes());' : ''}
      y[at] = value;`;

/** The moments of a chunk of x. */
export const MOMENTS_OF_CHUNK = `
  ${MERGE}
  fn moments_of(column: u32, chunk: u32) -> Moments {
    let begin = chunk * uniforms.chunk_rows;
    let end = min(begin + uniforms.chunk_rows, uniforms.rows);
    var all = Moments(0.0, lanes(), lanes());
    for (var start = begin; start < end; start += ${BLOCK}u) {
      let stop = min(start + ${BLOCK}u, end);
      // Deviations from the block's first value: no cancellation where the mean is far from 0.
      let origin = x[start * uniforms.columns + column];
      var sum = lanes();
      var squares = lanes();
      for (var row = start; row < stop; row++) {
        let deviation = x[row * uniforms.columns + column] - origin;
        sum += deviation;
        squares += deviation * deviation;
      }
      let count = f32(stop - start);
      let m2 = max(squares - sum * (sum / count), lanes());
      all = merge(all, Moments(count, origin + sum / count, m2));
    }
    return all;
  }`;

export const CHUNK_UNIFORMS = { rows: 'u32', columns: 'u32', chunk_rows: 'u32', chunks: 'u32' } as const;

const partialMoments = (element: Lanes): Kernel => ({
  key: `batch-norm:moments:${element}`,
  inputs: buffers(element, 'x'),
  outputs: buffers(element, 'partial'),
  uniforms: CHUNK_UNIFORMS,
  source: () => `
    alias lanes = ${element};
    ${MOMENTS_OF_CHUNK}
    ${threadPerItem(
      'uniforms.chunks * uniforms.columns',
      `let column = i % uniforms.columns;
      let chunk = i / uniforms.columns;
      let all = moments_of(column, chunk);
      partial[2u * chunk * uniforms.columns + column] = all.mean;
      partial[(2u * chunk + 1u) * uniforms.columns + column] = all.m2;`,
    )}`,
});

/** One workgroup per column: each thread merges a run of chunks, then the first thread merges the threads' results, in fixed order. */
const finishMoments = (element: Lanes): Kernel => ({
  key: `batch-norm:statistics:${element}`,
  inputs: buffers(element, 'partial'),
  outputs: buffers(element, 'mean', 'variance', 'running_mean', 'running_variance'),
  uniforms: { ...CHUNK_UNIFORMS, momentum: 'f32' },
  source: () => `
    alias lanes = ${element};
    ${MERGE}
    var<workgroup> stretches: array<Moments, ${THREADS}>;
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
      let column = flat_group(group, groups);
      let each = (uniforms.chunks + ${THREADS - 1}u) / ${THREADS}u;
      var all = Moments(0.0, lanes(), lanes());
      if (column < uniforms.columns) {
        for (var chunk = lane * each; chunk < min((lane + 1u) * each, uniforms.chunks); chunk++) {
          let count = f32(min(uniforms.chunk_rows, uniforms.rows - chunk * uniforms.chunk_rows));
          all = merge(all, Moments(
            count,
            partial[2u * chunk * uniforms.columns + column],
            partial[(2u * chunk + 1u) * uniforms.columns + column],
          ));
        }
      }
      stretches[lane] = all;
      workgroupBarrier();
      if (lane != 0u || column >= uniforms.columns) { return; }
      for (var other = 1u; other < ${THREADS}u; other++) { all = merge(all, stretches[other]); }
      mean[column] = all.mean;
      variance[column] = all.m2 / all.count;
      ${MOVE_RUNNING}
    }`,
});

/** Mean and biased variance `[channels]` of the batch; moves the running statistics in place. */
export function batchStatistics(
  x: tf.Tensor,
  runningMean: tf.Variable,
  runningVariance: tf.Variable,
  momentum: number,
): [mean: tf.Tensor, variance: tf.Tensor] {
  const { rows, columns, element } = layoutOf(x);
  const chunkRows = chunkRowsOf(rows);
  const chunks = Math.ceil(rows / chunkRows);
  const uniforms = { rows, columns, chunk_rows: chunkRows, chunks };
  const channels = runningMean.shape;
  const [partial] = runKernel(partialMoments(element), {
    inputs: [x],
    outputs: [{ shape: [chunks, 2, ...channels] }],
    uniforms,
    groups: groupsFor(chunks * columns),
  });
  const [mean, variance] = runKernel(finishMoments(element), {
    inputs: [partial!],
    outputs: [{ shape: channels }, { shape: channels }, runningMean, runningVariance],
    uniforms: { ...uniforms, momentum },
    groups: columns,
  });
  partial!.dispose();
  return [mean!, variance!];
}

/** Rows per thread of the elementwise kernels, so that what depends on the channel alone is computed once per thread. */
const ROWS_PER_THREAD = 8;

const elementwise = (before: string, body: string) =>
  threadPerItem(
    `uniforms.columns * ((uniforms.rows + ${ROWS_PER_THREAD - 1}u) / ${ROWS_PER_THREAD}u)`,
    `let column = i % uniforms.columns;
    let begin = (i / uniforms.columns) * ${ROWS_PER_THREAD}u;
    ${before}
    for (var row = begin; row < min(begin + ${ROWS_PER_THREAD}u, uniforms.rows); row++) {
      let at = row * uniforms.columns + column;
      ${body}
    }`,
  );

const elementwiseGroups = ({ rows, columns }: Layout) =>
  groupsFor(columns * Math.ceil(rows / ROWS_PER_THREAD));

const applyKernel = (element: Lanes, residual: boolean, relu: boolean): Kernel => ({
  key: `batch-norm:apply:${element}:${residual}:${relu}`,
  inputs: buffers(element, 'x', 'mean', 'variance', 'gamma', 'beta', ...(residual ? ['residual'] : [])),
  outputs: buffers(element, 'y'),
  uniforms: { rows: 'u32', columns: 'u32', eps: 'f32' },
  source: () => `
    alias lanes = ${element};
    ${elementwise(
      `let scale = gamma[column] / sqrt(variance[column] + uniforms.eps);
      let center = mean[column];
      let shift = beta[column];`,
      valueAt(residual, relu),
    )}`,
});

/** `relu(gamma * (x - mean) / sqrt(variance + eps) + beta + residual)`. */
export function normaliseAndScale(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  residual: tf.Tensor | undefined,
  { relu, eps }: { relu: boolean; eps: number },
): tf.Tensor {
  const layout = layoutOf(x);
  const [y] = runKernel(applyKernel(layout.element, residual !== undefined, relu), {
    inputs: [x, mean, variance, gamma, beta, ...(residual ? [residual] : [])],
    outputs: [{ shape: x.shape }],
    uniforms: { rows: layout.rows, columns: layout.columns, eps },
    groups: elementwiseGroups(layout),
  });
  return y!;
}

/** The gradient that reaches the normalisation: zero where the saved output is zero, as the ReLU passed nothing there. */
export const incoming = (relu: boolean) =>
  relu ? 'let g = select(lanes(), dy[at], y[at] > lanes());' : 'let g = dy[at];';

/** The sums of a chunk: of its gradients, and of their products with the centred x. */
export const sumsOfChunk = (relu: boolean) => `
  struct Sums { gradients: lanes, products: lanes }
  fn sums_of(column: u32, chunk: u32, center: lanes) -> Sums {
    let end = min((chunk + 1u) * uniforms.chunk_rows, uniforms.rows);
    var all = Sums(lanes(), lanes());
    for (var start = chunk * uniforms.chunk_rows; start < end; start += ${BLOCK}u) {
      var block = Sums(lanes(), lanes());
      for (var row = start; row < min(start + ${BLOCK}u, end); row++) {
        let at = row * uniforms.columns + column;
        ${incoming(relu)}
        block.gradients += g;
        block.products += g * (x[at] - center);
      }
      all.gradients += block.gradients;
      all.products += block.products;
    }
    return all;
  }`;

const partialSums = (element: Lanes, relu: boolean): Kernel => ({
  key: `batch-norm:sums:${element}:${relu}`,
  inputs: buffers(element, 'dy', 'x', 'mean', ...(relu ? ['y'] : [])),
  outputs: buffers(element, 'partial'),
  uniforms: CHUNK_UNIFORMS,
  source: () => `
    alias lanes = ${element};
    ${sumsOfChunk(relu)}
    ${threadPerItem(
      'uniforms.chunks * uniforms.columns',
      `let column = i % uniforms.columns;
      let chunk = i / uniforms.columns;
      let all = sums_of(column, chunk, mean[column]);
      partial[2u * chunk * uniforms.columns + column] = all.gradients;
      partial[(2u * chunk + 1u) * uniforms.columns + column] = all.products;`,
    )}`,
});

/** Sums the chunks: gradients of gamma and beta, and what the gradient of x needs per channel. */
const finishSums = (element: Lanes): Kernel => ({
  key: `batch-norm:affine-gradients:${element}`,
  inputs: buffers(element, 'partial', 'variance', 'gamma'),
  outputs: buffers(element, 'dgamma', 'dbeta', 'coefficients'),
  uniforms: { columns: 'u32', chunks: 'u32', eps: 'f32', share: 'f32' },
  source: () => `
    alias lanes = ${element};
    var<workgroup> sums: array<lanes, ${THREADS}>;
    var<workgroup> products: array<lanes, ${THREADS}>;
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
      let column = flat_group(group, groups);
      var sum = lanes();
      var product = lanes();
      if (column < uniforms.columns) {
        for (var chunk = lane; chunk < uniforms.chunks; chunk += ${THREADS}u) {
          sum += partial[2u * chunk * uniforms.columns + column];
          product += partial[(2u * chunk + 1u) * uniforms.columns + column];
        }
      }
      sums[lane] = sum;
      products[lane] = product;
      workgroupBarrier();
      if (lane != 0u || column >= uniforms.columns) { return; }
      for (var other = 1u; other < ${THREADS}u; other++) {
        sum += sums[other];
        product += products[other];
      }
      let inverse_std = lanes(1.0) / sqrt(variance[column] + uniforms.eps);
      dbeta[column] = sum;
      dgamma[column] = product * inverse_std;
      coefficients[column] = gamma[column] * inverse_std;
      coefficients[uniforms.columns + column] = sum * uniforms.share;
      coefficients[2u * uniforms.columns + column] = product * inverse_std * inverse_std * uniforms.share;
    }`,
});

const inputGradient = (element: Lanes, relu: boolean, residual: boolean): Kernel => ({
  key: `batch-norm:input-gradient:${element}:${relu}:${residual}`,
  inputs: buffers(element, 'dy', 'x', 'mean', 'coefficients', ...(relu ? ['y'] : [])),
  outputs: buffers(element, 'dx', ...(residual ? ['dresidual'] : [])),
  uniforms: { rows: 'u32', columns: 'u32' },
  source: () => `
    alias lanes = ${element};
    ${elementwise(
      `let scale = coefficients[column];
      let mean_gradient = coefficients[uniforms.columns + column];
      let slope = coefficients[2u * uniforms.columns + column];
      let center = mean[column];`,
      `${incoming(relu)}
      dx[at] = scale * (g - mean_gradient - (x[at] - center) * slope);
      ${residual ? 'dresidual[at] = g;' : ''}`,
    )}`,
});

/**
 * Gradients of `normaliseAndScale` (and, in training, of the batch statistics) for x, gamma, beta and, if there was one, the residual.
 * @param y the saved output where a ReLU was applied.
 */
export function batchNormGradients(
  dy: tf.Tensor,
  x: tf.Tensor,
  gamma: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  y: tf.Tensor | undefined,
  { residual, training, eps }: { residual: boolean; training: boolean; eps: number },
): tf.Tensor[] {
  const layout = layoutOf(x);
  const { rows, columns, element } = layout;
  const relu = y !== undefined;
  const chunkRows = chunkRowsOf(rows);
  const chunks = Math.ceil(rows / chunkRows);
  const [partial] = runKernel(partialSums(element, relu), {
    inputs: [dy, x, mean, ...(relu ? [y] : [])],
    outputs: [{ shape: [chunks, 2, ...gamma.shape] }],
    uniforms: { rows, columns, chunk_rows: chunkRows, chunks },
    groups: groupsFor(chunks * columns),
  });
  const [dgamma, dbeta, coefficients] = runKernel(finishSums(element), {
    inputs: [partial!, variance, gamma],
    outputs: [{ shape: gamma.shape }, { shape: gamma.shape }, { shape: [3, ...gamma.shape] }],
    // In eval mode mean and variance are constants, so they add nothing to the gradient of x.
    uniforms: { columns, chunks, eps, share: training ? 1 / rows : 0 },
    groups: columns,
  });
  const maskedResidual = residual && relu;
  const [dx, dresidual] = runKernel(inputGradient(element, relu, maskedResidual), {
    inputs: [dy, x, mean, coefficients!, ...(relu ? [y] : [])],
    outputs: [{ shape: x.shape }, ...(maskedResidual ? [{ shape: x.shape }] : [])],
    uniforms: { rows, columns },
    groups: elementwiseGroups(layout),
  });
  partial!.dispose();
  coefficients!.dispose();
  return [dx!, dgamma!, dbeta!, ...(residual ? [dresidual ?? dy.clone()] : [])];
}
