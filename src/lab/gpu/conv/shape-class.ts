import type { Operands } from './operands';
import { type ConvShape, outputShape } from './shape';

/** The three products of a convolution, by the kernel that computes them. */
export type ProductKind = 'forward' | 'input-gradient' | 'filter-gradient';

/** One matrix product that a network asks of the device. */
export interface MatrixProduct {
  kind: ProductKind;
  shape: ConvShape;
}

/** Rows, columns and depth of the matrix product behind a convolution's product; of the input gradient those of its first stride class. */
function productSides(kind: ProductKind, s: ConvShape): { m: number; n: number; k: number } {
  const taps = s.filterHeight * s.filterWidth;
  const pixels = s.batch * s.outHeight * s.outWidth;
  if (kind === 'forward') return { m: pixels, n: s.outChannels, k: taps * s.channels };
  if (kind === 'filter-gradient') return { m: taps * s.channels, n: s.outChannels, k: pixels };
  const each = (length: number) => Math.ceil(length / s.stride);
  return {
    m: s.batch * each(s.height) * each(s.width),
    n: s.channels,
    k: each(s.filterHeight) * each(s.filterWidth) * s.outChannels,
  };
}

/** Multiplications and additions of one such product. */
export const productFlop = (s: ConvShape): number =>
  2 * s.filterHeight * s.filterWidth * s.channels * outputShape(s).reduce((a, b) => a * b, 1);

/** What the kernels are called where they multiply matrices (matmul.ts), which are images of one pixel. */
const MATRIX: Record<ProductKind, string> = {
  forward: 'matrix',
  'input-gradient': 'matrix-transposed-b',
  'filter-gradient': 'matrix-transposed-a',
};

/** The first of the rising bounds that holds a length, or `more` than all of them. */
const within = (length: number, bounds: number[]): string =>
  String(bounds.find((bound) => length <= bound) ?? `>${bounds.at(-1)}`);

/**
 * Products of one class take the same tiling. A class is told by what decides between tilings: the kernel, how many tiles there are,
 * how many columns, whether the product is deep, whether channels can be read by vectors, and what the tiles hold where that is not float32.
 * `forward m16384 n64 k>128 x4`.
 */
export function shapeClass(kind: ProductKind, s: ConvShape, operands: Operands = 'f32'): string {
  const { m, n, k } = productSides(kind, s);
  const dense = s.height * s.width * s.filterHeight * s.filterWidth === 1;
  const vectors = s.channels % 4 === 0 && s.outChannels % 4 === 0;
  return [
    dense ? MATRIX[kind] : kind,
    `m${within(m, [1024, 4096, 16384])}`,
    `n${within(n, [32, 64, 128])}`,
    `k${within(k, [128])}`,
    vectors ? 'x4' : 'x1',
    ...(operands === 'f32' ? [] : [operands]),
  ].join(' ');
}
