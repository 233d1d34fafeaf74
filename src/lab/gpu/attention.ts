import * as tf from '@tensorflow/tfjs-core';
import { type Kernel, type Lanes, lanesOf } from './kernel';
import { groupsFor, runKernel, THREADS, threadPerItem } from './run';

const UNIFORMS = { images: 'u32', heads: 'u32', tokens: 'u32', dim: 'u32' } as const;

/**
 * A head's values are read as `lanes`; `dim` is their number. `head` counts heads over all images. Queries, keys and values (part 0, 1,
 * 2) are read where the linear layer left them, so that nothing has to be split or transposed; probabilities lie as
 * `[head, token, other token]`.
 */
const places = (element: Lanes) => `
  alias lanes = ${element};
  fn place(head: u32, token: u32, parts: u32, part: u32) -> u32 {
    let position = (head / uniforms.heads) * uniforms.tokens + token;
    return ((position * parts + part) * uniforms.heads + head % uniforms.heads) * uniforms.dim;
  }
  fn product(a: lanes, b: lanes) -> f32 { return ${element === 'f32' ? 'a * b' : 'dot(a, b)'}; }`;

const perToken = (body: string) =>
  threadPerItem(
    'uniforms.images * uniforms.heads * uniforms.tokens',
    `let head = i / uniforms.tokens;
    let token = i % uniforms.tokens;
    let begin = i * uniforms.tokens;
    ${body}`,
  );

const perValue = (body: string) =>
  threadPerItem(
    'uniforms.images * uniforms.heads * uniforms.tokens * uniforms.dim',
    `let inner = uniforms.heads * uniforms.dim;
    let position = i / inner;
    let head = (position / uniforms.tokens) * uniforms.heads + (i % inner) / uniforms.dim;
    let token = position % uniforms.tokens;
    let d = i % uniforms.dim;
    let square = head * uniforms.tokens * uniforms.tokens;
    ${body}`,
  );

/** The softmax of the scaled scores over all other tokens; a token's own probability is 0. */
const probabilities = (element: Lanes): Kernel => ({
  key: `attention:probabilities:${element}`,
  inputs: { qkv: element, temperature: 'f32' },
  outputs: { p: 'f32' },
  uniforms: UNIFORMS,
  source: () =>
    `${places(element)} ${perToken(
      `let scale = exp(temperature[0]);
    let q = place(head, token, 3u, 0u);
    var largest = -3.4e38;
    for (var other = 0u; other < uniforms.tokens; other++) {
      if (other == token) { continue; }
      let k = place(head, other, 3u, 1u);
      var score = 0.0;
      for (var d = 0u; d < uniforms.dim; d++) { score += product(qkv[q + d], qkv[k + d]); }
      p[begin + other] = score * scale;
      largest = max(largest, score * scale);
    }
    var sum = 0.0;
    for (var other = 0u; other < uniforms.tokens; other++) {
      if (other == token) { continue; }
      let value = exp(p[begin + other] - largest);
      p[begin + other] = value;
      sum += value;
    }
    p[begin + token] = 0.0;
    if (uniforms.tokens == 1u) { return; }
    for (var other = 0u; other < uniforms.tokens; other++) { p[begin + other] = p[begin + other] / sum; }`,
    )}`,
});

const mixValues = (element: Lanes): Kernel => ({
  key: `attention:mix:${element}`,
  inputs: { p: 'f32', qkv: element },
  outputs: { y: element },
  uniforms: UNIFORMS,
  source: () =>
    `${places(element)} ${perValue(
      `var sum = lanes();
    for (var other = 0u; other < uniforms.tokens; other++) {
      sum += p[square + token * uniforms.tokens + other] * qkv[place(head, other, 3u, 2u) + d];
    }
    y[i] = sum;`,
    )}`,
});

/** Gradient of q·k for every pair, and each token's part of the temperature's gradient. */
const scoreGradients = (element: Lanes): Kernel => ({
  key: `attention:score-gradients:${element}`,
  inputs: { dy: element, p: 'f32', qkv: element, temperature: 'f32' },
  outputs: { ds: 'f32', parts: 'f32' },
  uniforms: UNIFORMS,
  source: () =>
    `${places(element)} ${perToken(
      `let scale = exp(temperature[0]);
    let source = place(head, token, 1u, 0u);
    var mean = 0.0;
    var mean_log = 0.0;
    for (var other = 0u; other < uniforms.tokens; other++) {
      let value = place(head, other, 3u, 2u);
      var dp = 0.0;
      for (var d = 0u; d < uniforms.dim; d++) { dp += product(dy[source + d], qkv[value + d]); }
      ds[begin + other] = dp;
      mean += p[begin + other] * dp;
      mean_log += p[begin + other] * log(max(p[begin + other], 1e-37));
    }
    var sum = 0.0;
    for (var other = 0u; other < uniforms.tokens; other++) {
      let gradient = p[begin + other] * (ds[begin + other] - mean);
      // A scaled score is the logarithm of its probability plus a constant of the token. The gradients of a token sum to 0, so
      // that any constant drops out, and the mean cancels least.
      sum += gradient * (log(max(p[begin + other], 1e-37)) - mean_log);
      ds[begin + other] = gradient * scale;
    }
    parts[i] = sum;`,
    )}`,
});

const operandGradients = (element: Lanes): Kernel => ({
  key: `attention:operand-gradients:${element}`,
  inputs: { dy: element, p: 'f32', ds: 'f32', qkv: element },
  outputs: { dqkv: element },
  uniforms: UNIFORMS,
  source: () =>
    `${places(element)} ${perValue(
      `var to_q = lanes();
    var to_k = lanes();
    var to_v = lanes();
    for (var other = 0u; other < uniforms.tokens; other++) {
      let there = square + token * uniforms.tokens + other;
      let back = square + other * uniforms.tokens + token;
      to_q += ds[there] * qkv[place(head, other, 3u, 1u) + d];
      to_k += ds[back] * qkv[place(head, other, 3u, 0u) + d];
      to_v += p[back] * dy[place(head, other, 1u, 0u) + d];
    }
    dqkv[place(head, token, 3u, 0u) + d] = to_q;
    dqkv[place(head, token, 3u, 1u) + d] = to_k;
    dqkv[place(head, token, 3u, 2u) + d] = to_v;`,
    )}`,
});

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
 * Locality self-attention (Lee et al. 2021): scores q·k × exp(temperature), softmax over the other tokens; a token never attends to
 * itself (alone it gets 0). Differentiable in both tensors.
 * @param qkv `[n, tokens, 3 × heads × dimHead]`: queries, keys, values, each head by head.
 * @param temperature a scalar.
 * @returns `[n, tokens, heads × dimHead]`.
 */
export function attention(qkv: tf.Tensor3D, temperature: tf.Scalar, heads: number): tf.Tensor3D {
  const [images, tokens, width] = qkv.shape;
  const perHead = width / (3 * heads);
  const { element, count: dim } = lanesOf(perHead);
  const uniforms = { images, heads, tokens, dim };
  const rows = images * heads * tokens;
  const square = { shape: [images, heads, tokens, tokens] };

  function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
    const [p, operands, factor] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const [ds, parts] = runKernel(scoreGradients(element), {
      inputs: [dy, p, operands, factor],
      outputs: [square, { shape: [rows] }],
      uniforms,
      groups: groupsFor(rows),
    });
    const [dqkv] = runKernel(operandGradients(element), {
      inputs: [dy, p, ds!, operands],
      outputs: [{ shape: qkv.shape }],
      uniforms,
      groups: groupsFor(rows * dim),
    });
    const [dtemperature] = runKernel(total, {
      inputs: [parts!],
      outputs: [{ shape: temperature.shape }],
      uniforms: { count: rows },
      groups: 1,
    });
    tf.dispose([ds!, parts!]);
    return [dqkv!, dtemperature!];
  }

  const attend = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [operands, factor] = args as [tf.Tensor, tf.Tensor];
    const [p] = runKernel(probabilities(element), {
      inputs: [operands, factor],
      outputs: [square],
      uniforms,
      groups: groupsFor(rows),
    });
    const [y] = runKernel(mixValues(element), {
      inputs: [p!, operands],
      outputs: [{ shape: [images, tokens, heads * perHead] }],
      uniforms,
      groups: groupsFor(rows * dim),
    });
    save([p!, operands, factor]);
    return { value: y!, gradFunc: gradients };
  });
  return attend(qkv, temperature) as tf.Tensor3D;
}
