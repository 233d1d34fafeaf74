import * as tf from '@tensorflow/tfjs-core';
import { type Kernel, type Lanes, lanesOf, lines } from './kernel';
import { runKernel, THREADS } from './run';

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

/** Tokens that a thread works on at once: what it reads of another token serves all of them. */
const TILE = 4;

/**
 * A workgroup per head, in three steps, each of which sees what the whole workgroup wrote in the one before:
 * @param pairs for every `token` and the tile of others `tile0`, `tile1`, … from `first` on
 * @param row for every `token`; `begin` is its row of the square of pairs
 * @param values for every vector `d` of the values of the tile of tokens from `first` on
 */
const perHead = (pairs: string, row: string, values: string) => `
  @compute @workgroup_size(${THREADS})
  fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
    let head = flat_group(group, groups);
    if (head >= uniforms.images * uniforms.heads) { return; }
    let square = head * uniforms.tokens * uniforms.tokens;
    let tiles = (uniforms.tokens + ${TILE - 1}u) / ${TILE}u;
    for (var item = lane; item < uniforms.tokens * tiles; item += ${THREADS}u) {
      let token = item / tiles;
      let begin = square + token * uniforms.tokens;
      let first = item % tiles * ${TILE}u;
      ${TILE_TOKENS}
      ${pairs}
    }
    storageBarrier();
    for (var token = lane; token < uniforms.tokens; token += ${THREADS}u) {
      let begin = square + token * uniforms.tokens;
      ${row}
    }
    storageBarrier();
    for (var item = lane; item < tiles * uniforms.dim; item += ${THREADS}u) {
      let first = item / uniforms.dim * ${TILE}u;
      let d = item % uniforms.dim;
      ${TILE_TOKENS}
      ${values}
    }
  }`;

/** Past the last token a tile repeats it, and writes nothing. */
const TILE_TOKENS = lines(TILE, (t) => `let tile${t} = min(first + ${t}u, uniforms.tokens - 1u);`);

const write = (line: (t: number) => string) =>
  lines(TILE, (t) => `if (first + ${t}u < uniforms.tokens) { ${line(t)} }`);

/** WGSL: the inner products of a token's vector with that of each token of the tile, into `product0`, `product1`, … */
const products = (own: string, others: string, ofTile: (t: number) => string) => `
      ${lines(TILE, (t) => `let at${t} = ${ofTile(t)}; var product${t} = 0.0;`)}
      for (var d = 0u; d < uniforms.dim; d++) {
        let value = ${own};
        ${lines(TILE, (t) => `product${t} += product(value, ${others}[at${t} + d]);`)}
      }`;

/** The softmax of the scaled scores over all other tokens, a token's own probability being 0; and the values mixed by it. */
const forward = (element: Lanes): Kernel => ({
  key: `attention:forward:${element}`,
  inputs: { qkv: element, temperature: 'f32' },
  outputs: { p: 'f32', y: element },
  uniforms: UNIFORMS,
  source: () => `
    ${places(element)}
    ${perHead(
      `let q = place(head, token, 3u, 0u);
      ${products('qkv[q + d]', 'qkv', (t) => `place(head, tile${t}, 3u, 1u)`)}
      let scale = exp(temperature[0]);
      ${write((t) => `p[begin + tile${t}] = product${t} * scale;`)}`,
      `var largest = -3.4e38;
      for (var other = 0u; other < uniforms.tokens; other++) {
        if (other != token) { largest = max(largest, p[begin + other]); }
      }
      var sum = 0.0;
      for (var other = 0u; other < uniforms.tokens; other++) {
        if (other == token) { continue; }
        let value = exp(p[begin + other] - largest);
        p[begin + other] = value;
        sum += value;
      }
      p[begin + token] = 0.0;
      if (uniforms.tokens > 1u) {
        for (var other = 0u; other < uniforms.tokens; other++) { p[begin + other] = p[begin + other] / sum; }
      }`,
      `${lines(TILE, (t) => `var sum${t} = lanes();`)}
      for (var other = 0u; other < uniforms.tokens; other++) {
        let value = qkv[place(head, other, 3u, 2u) + d];
        ${lines(TILE, (t) => `sum${t} += p[square + tile${t} * uniforms.tokens + other] * value;`)}
      }
      ${write((t) => `y[place(head, tile${t}, 1u, 0u) + d] = sum${t};`)}`,
    )}`,
});

/**
 * Gradients of q·k for every pair, and each token's part of the temperature's gradient; then those of queries, keys and values.
 */
const backward = (element: Lanes): Kernel => ({
  key: `attention:backward:${element}`,
  inputs: { dy: element, p: 'f32', qkv: element, temperature: 'f32' },
  outputs: { ds: 'f32', parts: 'f32', dqkv: element },
  uniforms: UNIFORMS,
  source: () => `
    ${places(element)}
    ${perHead(
      `let source = place(head, token, 1u, 0u);
      ${products('dy[source + d]', 'qkv', (t) => `place(head, tile${t}, 3u, 2u)`)}
      ${write((t) => `ds[begin + tile${t}] = product${t};`)}`,
      `let scale = exp(temperature[0]);
      var mean = 0.0;
      var mean_log = 0.0;
      for (var other = 0u; other < uniforms.tokens; other++) {
        mean += p[begin + other] * ds[begin + other];
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
      parts[head * uniforms.tokens + token] = sum;`,
      `${lines(TILE, (t) => `var to_q${t} = lanes(); var to_k${t} = lanes(); var to_v${t} = lanes();`)}
      for (var other = 0u; other < uniforms.tokens; other++) {
        let k = qkv[place(head, other, 3u, 1u) + d];
        let q = qkv[place(head, other, 3u, 0u) + d];
        let g = dy[place(head, other, 1u, 0u) + d];
        let row = square + other * uniforms.tokens;
        ${lines(
          TILE,
          (t) => `to_q${t} += ds[square + tile${t} * uniforms.tokens + other] * k;
        to_k${t} += ds[row + tile${t}] * q;
        to_v${t} += p[row + tile${t}] * g;`,
        )}
      }
      ${write(
        (t) => `
        dqkv[place(head, tile${t}, 3u, 0u) + d] = to_q${t};
        dqkv[place(head, tile${t}, 3u, 1u) + d] = to_k${t};
        dqkv[place(head, tile${t}, 3u, 2u) + d] = to_v${t};`,
      )}`,
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
  const headWidth = width / (3 * heads);
  const { element, count: dim } = lanesOf(headWidth);
  const uniforms = { images, heads, tokens, dim };
  const rows = images * heads * tokens;
  const square = { shape: [images, heads, tokens, tokens] };

  function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
    const [p, operands, factor] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const [ds, parts, dqkv] = runKernel(backward(element), {
      inputs: [dy, p, operands, factor],
      outputs: [square, { shape: [rows] }, { shape: qkv.shape }],
      uniforms,
      groups: images * heads,
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
    const [p, y] = runKernel(forward(element), {
      inputs: [operands, factor],
      outputs: [square, { shape: [images, tokens, heads * headWidth] }],
      uniforms,
      groups: images * heads,
    });
    save([p!, operands, factor]);
    return { value: y!, gradFunc: gradients };
  });
  return attend(qkv, temperature) as tf.Tensor3D;
}
