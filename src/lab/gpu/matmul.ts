import type * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { run } from './run';

export interface MatmulOptions {
  /** The operand is stored as its transpose. */
  transposeA?: boolean;
  transposeB?: boolean;
  /** `[n]`, added to every row of the product. */
  bias?: tf.Tensor;
}

/**
 * Functions that read a 4×4 block of an operand as it is stored, from `(row, column)` on. With `vector` all dimensions are multiples
 * of 4 and rows are read as vectors (a block wholly outside is never stored); otherwise entries outside are 0.
 */
function loader(operand: 'a' | 'b', vector: boolean): string {
  const read = vector
    ? `return ${operand}[(row * stride + column) / 4u];`
    : `var value = vec4f();
      if (row >= rows) { return value; }
      for (var lane = 0u; lane < min(4u, stride - min(stride, column)); lane++) {
        value[lane] = ${operand}[row * stride + column + lane];
      }
      return value;`;
  return `
    fn read_${operand}(row: u32, column: u32, rows: u32, stride: u32) -> vec4f { ${read} }
    fn block_${operand}(row: u32, column: u32, rows: u32, stride: u32) -> mat4x4f {
      return mat4x4f(
        read_${operand}(row, column, rows, stride),
        read_${operand}(row + 1u, column, rows, stride),
        read_${operand}(row + 2u, column, rows, stride),
        read_${operand}(row + 3u, column, rows, stride),
      );
    }`;
}

/** A workgroup is a square of threads, so that what they read together stays in the cache. */
const SIDE = 8;

/** `blocks` by `blocks` blocks of 4×4 make the tile that each thread forms in registers; there is no shared memory. */
const matmulKernel = (
  transposeA: boolean,
  transposeB: boolean,
  bias: boolean,
  vector: boolean,
  blocks: number,
): Kernel => {
  const element = vector ? 'vec4<f32>' : 'f32';
  const range = Array.from({ length: blocks }, (_, block) => block);
  const pairs = range.flatMap((r) => range.map((c) => [r, c] as const));
  const lines = <T>(items: readonly T[], line: (item: T) => string) => items.map(line).join('\n');
  const rows = (r: number) =>
    transposeA
      ? `transpose(block_a(k, row + ${4 * r}u, uniforms.k, uniforms.m))`
      : `block_a(row + ${4 * r}u, k, uniforms.m, uniforms.k)`;
  const terms = (c: number) =>
    transposeB
      ? `transpose(block_b(column + ${4 * c}u, k, uniforms.n, uniforms.k))`
      : `block_b(k, column + ${4 * c}u, uniforms.k, uniforms.n)`;
  return {
    key: `matmul:${transposeA}:${transposeB}:${bias}:${element}:${blocks}`,
    inputs: { a: element, b: element, ...(bias && { bias: 'f32' as const }) },
    outputs: { product: element },
    uniforms: { m: 'u32', n: 'u32', k: 'u32' },
    source: () => `
      ${loader('a', vector)}
      ${loader('b', vector)}
      fn store(block: mat4x4f, row: u32, column: u32) {
        if (row >= uniforms.m || column >= uniforms.n) { return; }
        let width = min(4u, uniforms.n - column);
        var shift = vec4f();
        ${bias ? 'for (var lane = 0u; lane < width; lane++) { shift[lane] = bias[column + lane]; }' : ''}
        for (var r = 0u; r < min(4u, uniforms.m - row); r++) {
          let values = block[r] + shift;
          let at = (row + r) * uniforms.n + column;
          ${
            vector
              ? 'product[at / 4u] = values;'
              : 'for (var lane = 0u; lane < width; lane++) { product[at + lane] = values[lane]; }'
          }
        }
      }
      @compute @workgroup_size(${SIDE}, ${SIDE})
      fn main(
        @builtin(workgroup_id) group: vec3u,
        @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u,
      ) {
        let extent = ${SIDE * 4 * blocks}u;
        let across = (uniforms.n + extent - 1u) / extent;
        let number = flat_group(group, groups);
        let row = (number / across) * extent + local.y * ${4 * blocks}u;
        let column = (number % across) * extent + local.x * ${4 * blocks}u;
        if (row >= uniforms.m || column >= uniforms.n) { return; }
        ${lines(pairs, ([r, c]) => `var block${r}${c} = mat4x4f();`)}
        for (var k = 0u; k < uniforms.k; k += 4u) {
          ${lines(range, (r) => `let rows${r} = ${rows(r)};`)}
          ${lines(range, (c) => `let terms${c} = ${terms(c)};`)}
          ${lines(pairs, ([r, c]) => `block${r}${c} += terms${c} * rows${r};`)}
        }
        ${lines(pairs, ([r, c]) => `store(block${r}${c}, row + ${4 * r}u, column + ${4 * c}u);`)}
      }`,
  };
};

/** Threads from which on the larger tile, which reads half as much per product, leaves enough work for every core. */
const LARGE = 4096;

/**
 * `a · b (+ bias)` for matrices `[m, k]` and `[k, n]`, each possibly stored transposed. Not differentiable by itself.
 * @param outputShape shape of the result, of size m·n.
 */
export function matmul(
  a: tf.Tensor,
  b: tf.Tensor,
  [m, k, n]: readonly [number, number, number],
  outputShape: number[],
  { transposeA = false, transposeB = false, bias }: MatmulOptions = {},
): tf.Tensor {
  const vector = m % 4 === 0 && k % 4 === 0 && n % 4 === 0;
  // Reading single numbers, the larger tile takes CPU drivers several seconds to compile.
  const blocks = vector && m * n >= LARGE * 8 * 8 ? 2 : 1;
  const extent = SIDE * 4 * blocks;
  const [product] = run(matmulKernel(transposeA, transposeB, bias !== undefined, vector, blocks), {
    inputs: [a, b, ...(bias ? [bias] : [])],
    outputs: [{ shape: outputShape }],
    uniforms: { m, n, k },
    groups: Math.ceil(m / extent) * Math.ceil(n / extent),
  });
  return product!;
}
