import type * as tf from '@tensorflow/tfjs-core';
import { type Kernel, type Lanes, lanesOf, lines } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

/** Rows of each operand whose products one thread computes: 4 · 4 sums in registers. */
const TILE = 4;
/** Elements (single numbers or vectors of 4) that one thread sums up; the rest of a row is summed by other threads. */
const CHUNK = 256;

const partialKernel = (element: Lanes): Kernel => ({
  key: `gram:partial:${element}`,
  inputs: { x: element, y: element },
  outputs: { partial: 'f32' },
  uniforms: { rows: 'u32', columns: 'u32', depth: 'u32', chunks: 'u32' },
  source: () => `
    const CHUNK = ${CHUNK}u;
    fn product(a: ${element}, b: ${element}) -> f32 { return ${element === 'f32' ? 'a * b' : 'dot(a, b)'}; }
    fn row_start(row: u32, rows: u32) -> u32 { return min(row, rows - 1u) * uniforms.depth; }
    ${threadPerItem(
      'uniforms.chunks * ((uniforms.rows + 3u) / 4u) * ((uniforms.columns + 3u) / 4u)',
      `let tiles_across = (uniforms.columns + 3u) / 4u;
      let tiles = tiles_across * ((uniforms.rows + 3u) / 4u);
      let chunk = i / tiles;
      let row = (i % tiles) / tiles_across * 4u;
      let column = (i % tiles_across) * 4u;
      ${lines(TILE, (r) => `let x${r} = row_start(row + ${r}u, uniforms.rows);`)}
      ${lines(TILE, (c) => `let y${c} = row_start(column + ${c}u, uniforms.columns);`)}
      ${lines(TILE, (r) => `var sum${r} = vec4f();`)}
      for (var t = chunk * CHUNK; t < min((chunk + 1u) * CHUNK, uniforms.depth); t++) {
        ${lines(TILE, (c) => `let b${c} = y[y${c} + t];`)}
        ${lines(
          TILE,
          (r) => `let a${r} = x[x${r} + t];
          sum${r} += vec4f(product(a${r}, b0), product(a${r}, b1), product(a${r}, b2), product(a${r}, b3));`,
        )}
      }
      ${lines(
        TILE,
        (r) => `if (row + ${r}u < uniforms.rows) {
          for (var c = 0u; c < min(4u, uniforms.columns - column); c++) {
            partial[(chunk * uniforms.rows + row + ${r}u) * uniforms.columns + column + c] = sum${r}[c];
          }
        }`,
      )}`,
    )}`,
});

const sumKernel: Kernel = {
  key: 'gram:sum',
  inputs: { partial: 'f32' },
  outputs: { gram: 'f32' },
  uniforms: {
    rows: 'u32',
    columns: 'u32',
    chunks: 'u32',
    side: 'u32',
    first_row: 'u32',
    first_column: 'u32',
  },
  source: () =>
    threadPerItem(
      'uniforms.rows * uniforms.columns',
      `var sum = 0.0;
      // Blocks of 16 chunks first: a long plain sum would lose digits.
      for (var start = 0u; start < uniforms.chunks; start += 16u) {
        var block = 0.0;
        for (var chunk = start; chunk < min(start + 16u, uniforms.chunks); chunk++) {
          block += partial[chunk * uniforms.rows * uniforms.columns + i];
        }
        sum += block;
      }
      let row = uniforms.first_row + i / uniforms.columns;
      let column = uniforms.first_column + i % uniforms.columns;
      gram[row * uniforms.side + column] = sum;
      gram[column * uniforms.side + row] = sum;`,
    ),
};

/** A batch of examples and where its rows stand in the whole set. */
export interface GramRows {
  /** `[at least count, …]`; everything behind the first dimension is flattened. */
  values: tf.Tensor;
  first: number;
  count: number;
}

/**
 * Writes the inner products of two batches' rows into a Gram matrix K = XXᵀ: the block at (`x.first`, `y.first`) and its mirror image.
 * Sums have a fixed order, so that equal inputs give equal bits.
 * @param gram `[n, n]`, changed in place
 */
export function writeGramBlock(gram: tf.Variable, x: GramRows, y: GramRows): void {
  const { element, count: depth } = lanesOf(x.values.size / x.values.shape[0]!);
  const [rows, columns, chunks] = [x.count, y.count, Math.ceil(depth / CHUNK)];
  const tiles = Math.ceil(rows / TILE) * Math.ceil(columns / TILE);
  const partial = runKernel(partialKernel(element), {
    inputs: [x.values, y.values],
    outputs: [{ shape: [chunks, rows, columns] }],
    uniforms: { rows, columns, depth, chunks },
    groups: groupsFor(chunks * tiles),
  })[0]!;
  runKernel(sumKernel, {
    inputs: [partial],
    outputs: [gram],
    uniforms: {
      rows,
      columns,
      chunks,
      side: gram.shape[0]!,
      first_row: x.first,
      first_column: y.first,
    },
    groups: groupsFor(rows * columns),
  });
  partial.dispose();
}
