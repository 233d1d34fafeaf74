import type { ConvShape } from './shape';

/**
 * How matrix products take their operands. Sums are float32 in all of them.
 *
 * - `f32`: as they are;
 * - `f16`: as half-precision numbers in the shared memory of the tiled products, where the device has `shader-f16`;
 * - `rounded`: rounded to half precision, but kept as float32, on every other device and in every other product: the same numbers, except
 *   that those below 6e-5 become 0, where half precision still has some digits (`quantizeToF16` may do so, and does on lavapipe).
 */
export type Operands = 'f32' | 'f16' | 'rounded';

/** WGSL of an operand as it is taken into registers. @param scale WGSL of what it is multiplied by first */
export function inRegisters(operands: Operands, value: string, scale?: string): string {
  if (operands === 'f32') return value;
  return `quantizeToF16(${scale ? `${scale} * ` : ''}${value})`;
}

/**
 * Half precision has few digits below 6e-5 and none below 6e-8, where gradients of a batch's mean loss lie. So an operand that is a gradient is
 * multiplied before it is rounded, and the product divided: by a power of two, which rounds nothing. Sixteen times its number of rows leaves
 * room on both sides: 65504 is the largest number.
 * @param rows images' pixels, or rows of a matrix, that the gradient has: the more, the smaller its values are
 */
export const gradientScale = (rows: number): number => 16 * 2 ** Math.ceil(Math.log2(Math.max(1, rows)));

/** Uniforms of a kernel one of whose operands may be a gradient; none where operands are not rounded. */
export const scaleUniforms = (operands: Operands): Record<string, 'f32'> =>
  operands === 'f32' ? {} : { scale: 'f32', unscale: 'f32' };

/** Their values. */
export const scales = (scale: number) => ({ scale, unscale: 1 / scale });

/** The same where it may be either. */
export const filterScaleUniforms = (operands: Operands): Record<string, 'f32'> =>
  operands === 'f32' ? {} : { x_scale: 'f32', dy_scale: 'f32', unscale: 'f32' };

/** Their values. @param gradient which of the two it is, if any */
export function filterScales(
  { batch, height, width, outHeight, outWidth }: ConvShape,
  gradient: 'x' | 'dy' | undefined,
) {
  const x_scale = gradient === 'x' ? gradientScale(batch * height * width) : 1;
  const dy_scale = gradient === 'dy' ? gradientScale(batch * outHeight * outWidth) : 1;
  return { x_scale, dy_scale, unscale: 1 / (x_scale * dy_scale) };
}

/** WGSL of a sum of products of such operands. */
export const unscaled = (operands: Operands, sum: string): string =>
  operands === 'f32' ? sum : `${sum} * u.unscale`;
