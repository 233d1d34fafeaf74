import type * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, run, threadPerItem } from './run';

export interface MatmulOptions {
  /** The operand is stored as its transpose. */
  transposeA?: boolean;
  transposeB?: boolean;
  /** `[n]`, added to every row of the product. */
  bias?: tf.Tensor;
}

/**
 * A 4×4 block of element `(row, k)` onward as four rows over k (`byRow`) or four columns over rows. With `vector` all
 * dimensions are multiples of 4 and rows are read as vectors; otherwise entries outside are 0.
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

/** Each thread forms a 4×4 tile of the product in registers; no shared memory. */
const matmulKernel = (transposeA: boolean, transposeB: boolean, bias: boolean, vector: boolean): Kernel => {
  const element = vector ? 'vec4<f32>' : 'f32';
  return {
    key: `matmul:${transposeA}:${transposeB}:${bias}:${element}`,
    inputs: { a: element, b: element, ...(bias && { bias: 'f32' as const }) },
    outputs: { product: element },
    uniforms: { m: 'u32', n: 'u32', k: 'u32' },
    source: () => `
      ${loader('a', vector)}
      ${loader('b', vector)}
      ${threadPerItem(
        '((uniforms.m + 3u) / 4u) * ((uniforms.n + 3u) / 4u)',
        `let across = (uniforms.n + 3u) / 4u;
        let row = (i / across) * 4u;
        let column = (i % across) * 4u;
        var tile = mat4x4f();
        for (var k = 0u; k < uniforms.k; k += 4u) {
          let rows = ${
            transposeA
              ? 'transpose(block_a(k, row, uniforms.k, uniforms.m))'
              : 'block_a(row, k, uniforms.m, uniforms.k)'
          };
          let terms = ${
            transposeB
              ? 'transpose(block_b(column, k, uniforms.n, uniforms.k))'
              : 'block_b(k, column, uniforms.k, uniforms.n)'
          };
          for (var r = 0u; r < 4u; r++) { tile[r] += terms * rows[r]; }
        }
        ${
          bias
            ? `var shift = vec4f();
        for (var lane = 0u; lane < min(4u, uniforms.n - column); lane++) { shift[lane] = bias[column + lane]; }
        for (var r = 0u; r < 4u; r++) { tile[r] += shift; }`
            : ''
        }
        for (var r = 0u; r < min(4u, uniforms.m - row); r++) {
          ${
            vector
              ? 'product[((row + r) * uniforms.n + column) / 4u] = tile[r];'
              : `for (var lane = 0u; lane < min(4u, uniforms.n - column); lane++) {
            product[(row + r) * uniforms.n + column + lane] = tile[r][lane];
          }`
          }
        }`,
      )}`,
  };
};

/**
 * `a · b (+ bias)` for matrices `[m, k]` and `[k, n]`, each possibly stored transposed. Not differentiable by itself.
 * Leading dimensions of `a` beyond two must have been flattened by the caller's sizes.
 */
export function matmul(
  a: tf.Tensor,
  b: tf.Tensor,
  [m, k, n]: readonly [number, number, number],
  outputShape: number[],
  { transposeA = false, transposeB = false, bias }: MatmulOptions = {},
): tf.Tensor {
  const vector = m % 4 === 0 && k % 4 === 0 && n % 4 === 0;
  const [product] = run(matmulKernel(transposeA, transposeB, bias !== undefined, vector), {
    inputs: [a, b, ...(bias ? [bias] : [])],
    outputs: [{ shape: outputShape }],
    uniforms: { m, n, k },
    groups: groupsFor(Math.ceil(m / 4) * Math.ceil(n / 4)),
  });
  return product!;
}
