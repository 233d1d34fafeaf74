import { LetheError } from '../../settings';

/** The sizes of one convolution: NHWC images, HWIO filter, the same stride and zero padding on all sides (as in PyTorch). */
export interface ConvShape {
  batch: number;
  height: number;
  width: number;
  channels: number;
  filterHeight: number;
  filterWidth: number;
  outChannels: number;
  outHeight: number;
  outWidth: number;
  stride: number;
  pad: number;
}

/** @throws LetheError when the shapes do not fit together or the output would be empty. */
export function convShape(x: number[], filter: number[], stride: number, pad: number): ConvShape {
  const [batch = 0, height = 0, width = 0, channels = 0] = x;
  const [filterHeight = 0, filterWidth = 0, inChannels = 0, outChannels = 0] = filter;
  if (x.length !== 4 || filter.length !== 4 || inChannels !== channels)
    throw new LetheError(`A filter of shape [${filter}] does not fit images of shape [${x}].`);
  if (!Number.isInteger(stride) || stride < 1 || !Number.isInteger(pad) || pad < 0)
    throw new LetheError(`A convolution needs whole stride >= 1 and padding >= 0, not ${stride} and ${pad}.`);
  const outHeight = Math.floor((height + 2 * pad - filterHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * pad - filterWidth) / stride) + 1;
  if (outHeight < 1 || outWidth < 1)
    throw new LetheError(
      `A ${filterHeight} × ${filterWidth} filter is larger than the padded ${height} × ${width} image.`,
    );
  return {
    batch,
    height,
    width,
    channels,
    filterHeight,
    filterWidth,
    outChannels,
    outHeight,
    outWidth,
    stride,
    pad,
  };
}

type Shape4 = [number, number, number, number];

export const inputShape = (s: ConvShape): Shape4 => [s.batch, s.height, s.width, s.channels];
export const outputShape = (s: ConvShape): Shape4 => [s.batch, s.outHeight, s.outWidth, s.outChannels];
export const filterShape = (s: ConvShape): Shape4 => [
  s.filterHeight,
  s.filterWidth,
  s.channels,
  s.outChannels,
];

/** Names and types of the uniforms of filter-gradient kernels. */
export const sizeUniforms = {
  height: 'i32',
  width: 'i32',
  channels: 'i32',
  out_height: 'i32',
  out_width: 'i32',
  out_channels: 'i32',
  filter_height: 'i32',
  filter_width: 'i32',
  stride: 'i32',
  pad: 'i32',
} as const;

/** The values of `sizeUniforms`. */
export const shapeUniforms = (s: ConvShape) => ({
  height: s.height,
  width: s.width,
  channels: s.channels,
  out_height: s.outHeight,
  out_width: s.outWidth,
  out_channels: s.outChannels,
  filter_height: s.filterHeight,
  filter_width: s.filterWidth,
  stride: s.stride,
  pad: s.pad,
});
