import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, run, THREADS, threadPerItem } from './run';

/** `heads` counts batch times heads; rows of q, k and v are `[head, token]`, of the probabilities `[head, token, other token]`. */
const UNIFORMS = { heads: 'u32', tokens: 'u32', dim: 'u32' } as const;

const dot = (name: string, a: string, b: string) => `
  fn ${name}(row: u32, other: u32) -> f32 {
    var sum = 0.0;
    for (var d = 0u; d < uniforms.dim; d++) { sum += ${a}[row * uniforms.dim + d] * ${b}[other * uniforms.dim + d]; }
    return sum;
  }`;

/** A thread a token: scores, and the softmax over all other tokens. The diagonal's probability is 0. */
const probabilities: Kernel = {
  key: 'attention:probabilities',
  inputs: { q: 'f32', k: 'f32', scale: 'f32' },
  outputs: { p: 'f32' },
  uniforms: UNIFORMS,
  source: () => `
    ${dot('score', 'q', 'k')}
    ${threadPerItem(
      'uniforms.heads * uniforms.tokens',
      `let first = (i / uniforms.tokens) * uniforms.tokens;
      let begin = i * uniforms.tokens;
      let self_token = i - first;
      var largest = -3.4e38;
      for (var j = 0u; j < uniforms.tokens; j++) {
        if (j == self_token) { continue; }
        let value = score(i, first + j) * scale[0];
        p[begin + j] = value;
        largest = max(largest, value);
      }
      var sum = 0.0;
      for (var j = 0u; j < uniforms.tokens; j++) {
        if (j == self_token) { continue; }
        let value = exp(p[begin + j] - largest);
        p[begin + j] = value;
        sum += value;
      }
      p[begin + self_token] = 0.0;
      for (var j = 0u; j < uniforms.tokens; j++) { p[begin + j] = p[begin + j] / max(sum, 1e-38); }`,
    )}`,
};

const weighted: Kernel = {
  key: 'attention:weighted',
  inputs: { p: 'f32', v: 'f32' },
  outputs: { y: 'f32' },
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      'uniforms.heads * uniforms.tokens * uniforms.dim',
      `let row = i / uniforms.dim;
      let first = (row / uniforms.tokens) * uniforms.tokens;
      var sum = 0.0;
      for (var j = 0u; j < uniforms.tokens; j++) {
        sum += p[row * uniforms.tokens + j] * v[(first + j) * uniforms.dim + i % uniforms.dim];
      }
      y[i] = sum;`,
    ),
};

/** Gradient of the scaled scores, times the scale: what q and k need; and each row's part of the scale's gradient. */
const scoreGradients: Kernel = {
  key: 'attention:score-gradients',
  inputs: { dy: 'f32', p: 'f32', q: 'f32', k: 'f32', v: 'f32', scale: 'f32' },
  outputs: { ds: 'f32', dscale: 'f32' },
  uniforms: UNIFORMS,
  source: () => `
    ${dot('score', 'q', 'k')}
    ${dot('output_dot', 'dy', 'v')}
    ${threadPerItem(
      'uniforms.heads * uniforms.tokens',
      `let first = (i / uniforms.tokens) * uniforms.tokens;
      let begin = i * uniforms.tokens;
      var mean = 0.0;
      for (var j = 0u; j < uniforms.tokens; j++) {
        let dp = output_dot(i, first + j);
        ds[begin + j] = dp;
        mean += p[begin + j] * dp;
      }
      var sum = 0.0;
      for (var j = 0u; j < uniforms.tokens; j++) {
        let gradient = p[begin + j] * (ds[begin + j] - mean);
        sum += gradient * score(i, first + j);
        ds[begin + j] = gradient * scale[0];
      }
      dscale[i] = sum;`,
    )}`,
};

const operandGradients: Kernel = {
  key: 'attention:operand-gradients',
  inputs: { dy: 'f32', p: 'f32', ds: 'f32', q: 'f32', k: 'f32' },
  outputs: { dq: 'f32', dk: 'f32', dv: 'f32' },
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      'uniforms.heads * uniforms.tokens * uniforms.dim',
      `let row = i / uniforms.dim;
      let d = i % uniforms.dim;
      let first = (row / uniforms.tokens) * uniforms.tokens;
      var to_q = 0.0;
      var to_k = 0.0;
      var to_v = 0.0;
      for (var j = first; j < first + uniforms.tokens; j++) {
        let from_other = j * uniforms.tokens + row - first;
        to_q += ds[row * uniforms.tokens + j - first] * k[j * uniforms.dim + d];
        to_k += ds[from_other] * q[j * uniforms.dim + d];
        to_v += p[from_other] * dy[j * uniforms.dim + d];
      }
      dq[i] = to_q;
      dk[i] = to_k;
      dv[i] = to_v;`,
    ),
};

const total: Kernel = {
  key: 'attention:total',
  inputs: { parts: 'f32' },
  outputs: { sum: 'f32' },
  uniforms: { count: 'u32' },
  source: () => `
    var<workgroup> sums: array<f32, ${THREADS}>;
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(local_invocation_index) lane: u32) {
      var own = 0.0;
      for (var i = lane; i < uniforms.count; i += ${THREADS}u) { own += parts[i]; }
      sums[lane] = own;
      workgroupBarrier();
      if (lane != 0u) { return; }
      for (var other = 1u; other < ${THREADS}u; other++) { own += sums[other]; }
      sum[0] = own;
    }`,
};

/**
 * Softmax attention in which no token attends to itself: `softmax(scale · q·kᵀ, diagonal masked) · v`. A single token attends to
 * nothing and gets 0. Differentiable in q, k, v and the scale.
 * @param q `[..., tokens, dim]`, as `k` and `v`; leading dimensions are batch and heads.
 * @param scale one number.
 */
export function attention<T extends tf.Tensor>(q: T, k: T, v: T, scale: tf.Tensor): T {
  const [tokens, dim] = q.shape.slice(-2) as [number, number];
  const heads = q.size / (tokens * dim);
  const uniforms = { heads, tokens, dim };
  const rows = heads * tokens;
  const square = { shape: [heads, tokens, tokens] };

  function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
    const [p, query, key, value, factor] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const [ds, parts] = run(scoreGradients, {
      inputs: [dy, p, query, key, value, factor],
      outputs: [square, { shape: [rows] }],
      uniforms,
      groups: groupsFor(rows),
    });
    const operands = run(operandGradients, {
      inputs: [dy, p, ds!, query, key],
      outputs: [{ shape: q.shape }, { shape: q.shape }, { shape: q.shape }],
      uniforms,
      groups: groupsFor(q.size),
    });
    const [dscale] = run(total, {
      inputs: [parts!],
      outputs: [{ shape: scale.shape }],
      uniforms: { count: rows },
      groups: 1,
    });
    tf.dispose([ds!, parts!]);
    return [...operands, dscale!];
  }

  const attend = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [query, key, value, factor] = args as tf.Tensor[];
    const [p] = run(probabilities, {
      inputs: [query!, key!, factor!],
      outputs: [square],
      uniforms,
      groups: groupsFor(rows),
    });
    const [y] = run(weighted, {
      inputs: [p!, value!],
      outputs: [{ shape: q.shape }],
      uniforms,
      groups: groupsFor(q.size),
    });
    save([p!, query!, key!, value!, factor!]);
    return { value: y!, gradFunc: gradients };
  });
  return attend(q, k, v, scale) as T;
}
