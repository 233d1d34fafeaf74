import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatchKernel } from '../dispatch';
import { type Kernel, lines, range } from '../kernel';
import { productsOf } from '../products';
import type { FilterGradientOptions } from './gather';
import { filterScales, filterScaleUniforms, inRegisters, type Operands, unscaled } from './operands';
import { type ConvShape, filterShape, shapeUniforms, sizeUniforms } from './shape';
import { sumChunks } from './sum-chunks';

/*
 * A thread owns one filter tap × a tile of input channels × a tile of output channels and walks a chunk of the output
 * rows; which columns meet the image at this tap is known before the inner loop, so that it has no branches. The chunks'
 * partial sums are added by a second kernel in a fixed order: no float atomics, the same bits every time.
 */

const TILE = 8;
const WORKGROUP = 64;
/** Threads that keep a device busy: more chunks than that only cost memory. */
const TARGET_THREADS = 16_384;

/** How one side's channels are read: as vectors of 4, or one by one where their number is not a multiple of 4. */
interface Side {
  wide: boolean;
  /** Channels a thread owns. */
  tile: number;
}

/** Every tile size is a pipeline to compile, so there are only four: 1, 2, 4 or 8 channels. */
const sideOf = (channels: number): Side => ({
  wide: channels % 4 === 0,
  tile: Math.min(TILE, 2 ** Math.ceil(Math.log2(channels))),
});

/** Loads a tile's channels of one pixel into `name0`, `name1`, … (vectors or scalars). */
function load(
  operands: Operands,
  side: Side,
  name: string,
  buffer: string,
  pixel: string,
  channels: string,
  first: string,
): string {
  const read = (index: string) => inRegisters(operands, `${buffer}[${index}]`, `u.${buffer}_scale`);
  return side.wide
    ? lines(
        side.tile / 4,
        (v) =>
          `let ${name}${v} = ${read(`${pixel} * (${channels} / 4) + min(${first} / 4 + ${v}, ${channels} / 4 - 1)`)};`,
      )
    : lines(
        side.tile,
        (i) => `let ${name}${i} = ${read(`${pixel} * ${channels} + min(${first} + ${i}, ${channels} - 1)`)};`,
      );
}

const element = (side: Side, name: string, i: number) =>
  side.wide ? `${name}${Math.floor(i / 4)}[${i % 4}]` : `${name}${i}`;

function partialKernel(input: Side, output: Side, operands: Operands): Kernel {
  const key = (side: Side) => `${side.wide ? 'v' : 's'}${side.tile}`;
  const columns = output.wide ? output.tile / 4 : output.tile;
  return {
    key: `conv-filter-gradient:${key(input)}:${key(output)}:${operands}`,
    inputs: { x: input.wide ? 'vec4<f32>' : 'f32', dy: output.wide ? 'vec4<f32>' : 'f32' },
    outputs: { partial: output.wide ? 'vec4<f32>' : 'f32' },
    uniforms: {
      ...sizeUniforms,
      ...filterScaleUniforms(operands),
      rows: 'i32',
      rows_per_chunk: 'i32',
      chunks: 'i32',
    },
    source: () => `
@compute @workgroup_size(${WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let u = uniforms;
  var index = i32(flat_group(group, groups)) * ${WORKGROUP} + i32(local.x);
  let out_tiles = (u.out_channels + ${output.tile - 1}) / ${output.tile};
  let in_tiles = (u.channels + ${input.tile - 1}) / ${input.tile};
  let o = index % out_tiles * ${output.tile};
  index /= out_tiles;
  let c = index % in_tiles * ${input.tile};
  index /= in_tiles;
  let kx = index % u.filter_width;
  index /= u.filter_width;
  let ky = index % u.filter_height;
  let chunk = index / u.filter_height;
  if (chunk >= u.chunks) { return; }
${lines(input.tile, (i) =>
  range(columns)
    .map((j) => `var acc${i}_${j} = ${output.wide ? 'vec4f()' : '0.0'};`)
    .join(' '),
)}
  // Columns whose input column ox·stride + kx − pad lies inside the image.
  let first = max(0, (u.pad - kx + u.stride - 1) / u.stride);
  let end = min(u.out_width, (u.width - 1 + u.pad - kx + u.stride) / u.stride);
  let last_row = min((chunk + 1) * u.rows_per_chunk, u.rows);
  for (var row = chunk * u.rows_per_chunk; row < last_row; row++) {
    let iy = row % u.out_height * u.stride + ky - u.pad;
    if (iy < 0 || iy >= u.height) { continue; }
    let x_row = (row / u.out_height * u.height + iy) * u.width + kx - u.pad;
    for (var ox = first; ox < end; ox++) {
      let pixel = x_row + ox * u.stride;
      let out_pixel = row * u.out_width + ox;
${load(operands, input, 'a', 'x', 'pixel', 'u.channels', 'c')}
${load(operands, output, 'd', 'dy', 'out_pixel', 'u.out_channels', 'o')}
${lines(input.tile, (i) =>
  range(columns)
    .map((j) => `acc${i}_${j} += ${element(input, 'a', i)} * d${j};`)
    .join('\n'),
)}
    }
  }
  let start = ((chunk * u.filter_height + ky) * u.filter_width + kx) * u.channels + c;
${lines(input.tile, (i) =>
  [
    `if (c + ${i} < u.channels) {`,
    ...range(columns).map((j) =>
      output.wide
        ? `  if (o + ${4 * j} < u.out_channels) { partial[((start + ${i}) * u.out_channels + o) / 4 + ${j}] = ${unscaled(operands, `acc${i}_${j}`)}; }`
        : `  if (o + ${j} < u.out_channels) { partial[(start + ${i}) * u.out_channels + o + ${j}] = ${unscaled(operands, `acc${i}_${j}`)}; }`,
    ),
    '}',
  ].join('\n'),
)}
}`,
  };
}

/** The loss's gradient with respect to the filter (HWIO), given the images and the gradient of the output. */
export function convFilterGradient(
  backend: unknown,
  x: TensorInfo,
  dy: TensorInfo,
  s: ConvShape,
  { sum = sumChunks, gradient }: FilterGradientOptions = {},
): TensorInfo {
  const [input, output] = [sideOf(s.channels), sideOf(s.outChannels)];
  const tiles =
    s.filterHeight *
    s.filterWidth *
    Math.ceil(s.channels / input.tile) *
    Math.ceil(s.outChannels / output.tile);
  const rows = s.batch * s.outHeight;
  const rowsPerChunk = Math.max(1, Math.ceil(rows / Math.ceil(TARGET_THREADS / tiles)));
  const chunks = Math.max(1, Math.ceil(rows / rowsPerChunk));
  const shape = filterShape(s);
  const { operands } = productsOf(backend);
  const partial = dispatchKernel(backend, partialKernel(input, output, operands), {
    inputs: [x, dy],
    outputs: [{ shape: chunks === 1 ? shape : [chunks, ...shape] }],
    uniforms: {
      ...shapeUniforms(s),
      ...filterScales(s, gradient),
      rows,
      rows_per_chunk: rowsPerChunk,
      chunks,
    },
    groups: Math.ceil((tiles * chunks) / WORKGROUP),
  })[0]!;
  return sum(backend, partial, chunks, shape);
}
