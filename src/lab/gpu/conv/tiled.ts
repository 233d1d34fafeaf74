import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatchKernel } from '../dispatch';
import { type Kernel, lines } from '../kernel';
import { type Direction, denseProblem, type Gather, gatherSides, gatherUniforms } from './gather';
import { type ConvShape, filterShape, shapeUniforms, sizeUniforms } from './shape';
import { sumChunks } from './sum-chunks';

/*
 * The three convolution products for discrete GPUs: implicit matrix products C[m, n] = sum over k of A[m, k] B[k, n] whose tiles of
 * A and B go through shared memory. A workgroup computes one tile, each of its threads 4 x 4 values.
 *
 *                    m                     n             k
 *   forward          output pixel          out channel   tap, in channel
 *   input gradient   input pixel           in channel    tap, out channel     (by stride classes, see gather.ts)
 *   filter gradient  tap, in channel       out channel   output pixel         (in chunks that a second kernel adds)
 */

const THREADS = 256;
/** Depth of a tile. */
const STEP = 16;
/** Workgroups that keep a large GPU busy. */
const TARGET_GROUPS = 512;

/** Tile sides: narrow ones where there are few channels. */
const tileOf = (columns: number) => (columns <= 32 ? { m: 128, n: 32 } : { m: 64, n: 64 });
type Tile = ReturnType<typeof tileOf>;

/** Declarations; the accumulators; and the loop over k, which calls `loadA` and `loadB` to fill the tiles from step `k0` on. */
const declarations = (tile: Tile) => `
var<workgroup> tile_a: array<f32, ${STEP * tile.m}>;
var<workgroup> tile_b: array<f32, ${STEP * tile.n}>;`;

const product = (tile: Tile, k: { from: string; to: string }, loadA: string, loadB: string, between = '') => `
  let column = i32(lane) % ${tile.n / 4} * 4;
  let row = i32(lane) / ${tile.n / 4} * 4;
${lines(4, (r) => `  var acc${r} = vec4f();`)}
  for (var k0 = ${k.from}; k0 < ${k.to}; k0 += ${STEP}) {
${loadA}
    for (var i = i32(lane); i < ${STEP * tile.n}; i += ${THREADS}) {
      let k = k0 + i / ${tile.n};
      let channel = first_channel + i % ${tile.n};
      var value = 0.0;
      if (k < ${k.to} && channel < channels_n) { ${loadB} }
      tile_b[i] = value;
    }
    workgroupBarrier();
${between}
    for (var k = 0; k < ${STEP}; k++) {
      let b = vec4f(${[0, 1, 2, 3].map((c) => `tile_b[k * ${tile.n} + column + ${c}]`).join(', ')});
${lines(4, (r) => `      acc${r} = fma(vec4f(tile_a[k * ${tile.m} + row + ${r}]), b, acc${r});`)}
    }
    workgroupBarrier();
  }`;

const store = (r: number, buffer: string, start: string, bias = false) =>
  lines(4, (c) => {
    const channel = `first_channel + column + ${c}`;
    return `    if (${channel} < channels_n) { ${buffer}[${start} + ${channel}] = acc${r}[${c}]${bias ? ` + bias[${channel}]` : ''}; }`;
  });

const ENTRY = `
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let u = uniforms;`;

function gatherKernel(direction: Direction, tile: Tile, bias: boolean): Kernel {
  const forward = direction === 'forward';
  const rows = (tile.m * STEP) / THREADS;
  return {
    key: `conv-tiled-${direction}:${tile.n}:${bias}`,
    inputs: { source: 'f32', filter_values: 'f32', ...(bias && { bias: 'f32' as const }) },
    outputs: { result: 'f32' },
    uniforms: gatherUniforms,
    source: () => `${declarations(tile)}
${ENTRY}
  let first_channel = i32(group.y) * ${tile.n};
  let channels_n = u.target_channels;
${denseProblem(direction)}
  let first_pixel = i32(group.x) * ${tile.m};
  if (first_pixel >= pixels) { return; }
  let depth = taps.x * taps.y * u.source_channels;
  // This thread loads column lane % STEP of A, for these rows.
${lines(
  rows,
  (j) => `
  let m${j} = i32(lane) / ${STEP} + ${(j * THREADS) / STEP};
  let p${j} = first_pixel + m${j};
  let image${j} = p${j} / (height * width) * u.source_height;
  let y${j} = p${j} / width % height${forward ? ' * u.stride' : ''} + start.x;
  let x${j} = p${j} % width${forward ? ' * u.stride' : ''} + start.y;`,
)}
${product(
  tile,
  { from: '0', to: 'depth' },
  `
    let ka = k0 + i32(lane) % ${STEP};
    let tap_a = ka / u.source_channels;
    let ty = tap_a / max(taps.y, 1);
    let tx = tap_a % max(taps.y, 1);
${lines(
  rows,
  (j) => `
    let iy${j} = y${j} ${forward ? '+' : '-'} ty;
    let ix${j} = x${j} ${forward ? '+' : '-'} tx;
    var a${j} = 0.0;
    if (ka < depth && p${j} < pixels && iy${j} >= 0 && iy${j} < u.source_height && ix${j} >= 0 && ix${j} < u.source_width) {
      a${j} = source[((image${j} + iy${j}) * u.source_width + ix${j}) * u.source_channels + ka % u.source_channels];
    }
    tile_a[i32(lane) % ${STEP} * ${tile.m} + m${j}] = a${j};`,
)}`,
  forward
    ? 'value = filter_values[k * channels_n + channel];'
    : `let tap = k / u.source_channels;
        let tap_y = first.x + tap / taps.y * apart;
        let tap_x = first.y + tap % taps.y * apart;
        value = filter_values[((tap_y * u.filter_width + tap_x) * channels_n + channel) * u.source_channels + k % u.source_channels];`,
)}
${lines(
  4,
  (r) => `
  let pixel${r} = first_pixel + row + ${r};
  if (pixel${r} < pixels) {
    let at${r} = ((pixel${r} / (height * width) * u.target_height + pixel${r} / width % height * apart + class_yx.x) * u.target_width
      + pixel${r} % width * apart + class_yx.y) * channels_n;
${store(r, 'result', `at${r}`, bias)}
  }`,
)}
}`,
  };
}

function filterGradientKernel(tile: Tile): Kernel {
  const loads = (tile.m * STEP) / THREADS;
  const apart = THREADS / tile.m;
  return {
    key: `conv-tiled-filter-gradient:${tile.n}`,
    inputs: { x: 'f32', dy: 'f32' },
    outputs: { partial: 'f32' },
    uniforms: { ...sizeUniforms, pixels: 'i32', pixels_per_chunk: 'i32' },
    source: () => `${declarations(tile)}
// First row of the image, first row and first column of the window, for each output pixel of the next step.
var<workgroup> positions: array<vec3i, ${STEP}>;
fn position(pixel: i32) -> vec3i {
  let image = pixel / (uniforms.out_height * uniforms.out_width);
  let oy = pixel / uniforms.out_width % uniforms.out_height;
  let ox = pixel % uniforms.out_width;
  return vec3i(image * uniforms.height, oy * uniforms.stride - uniforms.pad, ox * uniforms.stride - uniforms.pad);
}
${ENTRY}
  let first_channel = i32(group.y) * ${tile.n};
  let channels_n = u.out_channels;
  let rows = u.filter_height * u.filter_width * u.channels;
  let first_row = i32(group.x) * ${tile.m};
  let from_pixel = i32(group.z) * u.pixels_per_chunk;
  let to_pixel = min(from_pixel + u.pixels_per_chunk, u.pixels);
  // This thread loads row lane % TILE of A: one tap and channel.
  let ma = first_row + i32(lane) % ${tile.m};
  let tap = vec2i(ma / u.channels / u.filter_width, ma / u.channels % u.filter_width);
  let channel_a = ma % u.channels;
  if (lane < ${STEP}) { positions[lane] = position(from_pixel + i32(lane)); }
  workgroupBarrier();
${product(
  tile,
  { from: 'from_pixel', to: 'to_pixel' },
  lines(
    loads,
    (j) => `
    let depth${j} = i32(lane) / ${tile.m} + ${j * apart};
    let at${j} = positions[depth${j}] + vec3i(0, tap);
    var a${j} = 0.0;
    if (k0 + depth${j} < to_pixel && ma < rows && at${j}.y >= 0 && at${j}.y < u.height && at${j}.z >= 0 && at${j}.z < u.width) {
      a${j} = x[((at${j}.x + at${j}.y) * u.width + at${j}.z) * u.channels + channel_a];
    }
    tile_a[depth${j} * ${tile.m} + i32(lane) % ${tile.m}] = a${j};`,
  ),
  'value = dy[k * channels_n + channel];',
  `    if (lane < ${STEP}) { positions[lane] = position(k0 + ${STEP} + i32(lane)); }`,
)}
${lines(
  4,
  (r) => `
  let row${r} = first_row + row + ${r};
  if (row${r} < rows) {
    let start${r} = (i32(group.z) * rows + row${r}) * channels_n;
${store(r, 'partial', `start${r}`)}
  }`,
)}
}`,
  };
}

export const tiledGather: Gather = (backend, direction, source, filter, shape, bias) => {
  const { target, pixels, classes, uniforms } = gatherSides(direction, shape);
  const tile = tileOf(target[3]);
  return dispatchKernel(backend, gatherKernel(direction, tile, bias !== undefined), {
    inputs: [source, filter, ...(bias ? [bias] : [])],
    outputs: [{ shape: target }],
    uniforms,
    groups: [Math.ceil(pixels / tile.m), Math.ceil(target[3] / tile.n), classes],
  })[0]!;
};

/** As `convFilterGradient` in filter-gradient.ts. */
export function tiledFilterGradient(
  backend: unknown,
  x: TensorInfo,
  dy: TensorInfo,
  s: ConvShape,
): TensorInfo {
  const tile = tileOf(s.outChannels);
  const rows = Math.ceil((s.filterHeight * s.filterWidth * s.channels) / tile.m);
  const columns = Math.ceil(s.outChannels / tile.n);
  const pixels = s.batch * s.outHeight * s.outWidth;
  const wanted = Math.ceil(TARGET_GROUPS / (rows * columns));
  const perChunk = Math.ceil(Math.max(1, pixels) / wanted / STEP) * STEP;
  const chunks = Math.max(1, Math.ceil(pixels / perChunk));
  const shape = filterShape(s);
  const partial = dispatchKernel(backend, filterGradientKernel(tile), {
    inputs: [x, dy],
    outputs: [{ shape: chunks === 1 ? shape : [chunks, ...shape] }],
    uniforms: {
      ...shapeUniforms(s),
      pixels,
      pixels_per_chunk: perChunk,
    },
    groups: [rows, columns, chunks],
  })[0]!;
  return sumChunks(backend, partial, chunks, shape);
}
