import { dispatchKernel } from '../dispatch';
import { type Element, type Kernel, lines, range } from '../kernel';
import { productsOf } from '../products';
import { type ConvKernels, type Direction, denseProblem, gatherSides, gatherUniforms } from './gather';
import { filterScales, filterScaleUniforms, type Operands, scaleUniforms, unscaled } from './operands';
import { type ConvShape, filterShape, shapeUniforms, sizeUniforms } from './shape';
import { type ProductKind, shapeClass } from './shape-class';
import { sumChunks } from './sum-chunks';
import {
  alongDepth,
  alongDepthRows,
  alongSide,
  columnOf,
  declarationsOf,
  entryOf,
  rowOf,
  type Tile,
  tileLoop,
} from './tile-source';
import { defaultTiling, type Tiling, tilingNamed } from './tilings';

/*
 * The three convolution products for discrete GPUs: implicit matrix products C[m, n] = sum over k of A[m, k] B[k, n] whose tiles of
 * A and B go through shared memory. A workgroup computes one tile, each of its threads a few rows and columns; see tilings.ts.
 *
 *                    m                     n             k
 *   forward          output pixel          out channel   tap, in channel
 *   input gradient   input pixel           in channel    tap, out channel     (by stride classes, see gather.ts)
 *   filter gradient  tap, in channel       out channel   output pixel         (in chunks that a second kernel adds)
 *
 * Each value is a sum by fused multiplications in the order of k, and chunks do not depend on the tiling: where a driver computes
 * `fma` exactly or always in the same way, all tilings give the same bits.
 */

/** Workgroups of the default tiling that keep a large GPU busy. */
const TARGET_GROUPS = 512;
/** Chunks of the filter gradient are multiples of it: the deepest tile. */
const CHUNK_STEP = 16;

const elementOf = (t: Tile): Extract<Element, 'f32' | 'vec4<f32>'> => (t.vectors ? 'vec4<f32>' : 'f32');

/** WGSL: writes a thread's r-th row; `start` is the index of its first channel. */
const store = (t: Tile, r: number, buffer: string, start: string, bias = false, addend = false) =>
  lines(t.columns / 4, (v) => {
    const first = `first_channel + column + ${columnOf(t, v)}`;
    const write = (channel: string, index: (from: string) => string, value: string) => {
      const at = index(`${start} + ${channel}`);
      const more = `${bias ? ` + bias[${index(channel)}]` : ''}${addend ? ` + addend[${at}]` : ''}`;
      return `    if (${channel} < channels_n) { ${buffer}[${at}] = ${value}${more}; }`;
    };
    return t.vectors
      ? write(first, (from) => `(${from}) / 4`, unscaled(t.operands, `acc${r}_${v}`))
      : lines(4, (c) => write(`${first} + ${c}`, (from) => from, unscaled(t.operands, `acc${r}_${v}[${c}]`)));
  });

const featuresOf = ({ subgroups, operands }: Tile) => ({
  ...(subgroups && { subgroups: true as const }),
  ...(operands === 'f16' && { f16: true as const }),
});

/** WGSL of an operand's value, multiplied by the uniform `scale` where it is to be rounded. */
const scaled = ({ operands }: Tile, scale: string, value: string) =>
  operands === 'f32' ? value : `u.${scale} * ${value}`;

function gatherKernel(direction: Direction, t: Tile, bias: boolean, addend: boolean): Kernel {
  const forward = direction === 'forward';
  const element = elementOf(t);
  const width = t.vectors ? 4 : 1;
  const a = alongDepthRows(t, t.m);
  const b = alongDepthRows(t, t.n);
  const pixels = range(a.count);
  return {
    key: `conv-tiled-${direction}:${t.id}:${bias}:${addend}:${t.operands}`,
    ...featuresOf(t),
    inputs: {
      source: element,
      filter_values: element,
      ...(bias && { bias: element }),
      ...(addend && { addend: element }),
    },
    outputs: { result: element },
    uniforms: { ...gatherUniforms, ...scaleUniforms(t.operands) },
    source: () => `${declarationsOf(t)}
${entryOf(t)}
  let first_channel = i32(group.y) * ${t.n};
  let channels_n = u.target_channels;
${denseProblem(direction)}
  let first_pixel = i32(group.x) * ${t.m};
  if (first_pixel >= pixels) { return; }
  let depth = taps.x * taps.y * u.source_channels;
  // The rows of A that this thread loads.
${pixels
  .map(
    (j) => `
  let p${j} = first_pixel + ${a.row(j)};
  let image${j} = p${j} / (height * width) * u.source_height;
  let y${j} = p${j} / width % height${forward ? ' * u.stride' : ''} + start.x;
  let x${j} = p${j} % width${forward ? ' * u.stride' : ''} + start.y;`,
  )
  .join('')}
${tileLoop(t, { from: '0', to: 'depth' }, (k0) => [
  alongDepth(
    t,
    'a',
    t.m,
    {
      depthOf: (k) => `
    let ka = ${k};
    let tap_a = ka / u.source_channels;
    let ty = tap_a / max(taps.y, 1);
    let tx = tap_a % max(taps.y, 1);`,
      before: (j) => `
    let iy${j} = y${j} ${forward ? '+' : '-'} ty;
    let ix${j} = x${j} ${forward ? '+' : '-'} tx;`,
      inside: (j) =>
        `ka < depth && p${j} < pixels && iy${j} >= 0 && iy${j} < u.source_height && ix${j} >= 0 && ix${j} < u.source_width`,
      value: (j) =>
        scaled(
          t,
          'scale',
          `source[(((image${j} + iy${j}) * u.source_width + ix${j}) * u.source_channels + ka % u.source_channels) / ${width}]`,
        ),
    },
    k0,
  ),
  forward
    ? filterSide(t, k0, 'depth', 'filter_values')
    : alongDepth(
        t,
        'b',
        t.n,
        {
          depthOf: (k) => `
    let kb = ${k};
    let tap_b = kb / u.source_channels;
    let tap_y = first.x + tap_b / max(taps.y, 1) * apart;
    let tap_x = first.y + tap_b % max(taps.y, 1) * apart;
    let from_b = (tap_y * u.filter_width + tap_x) * channels_n;`,
          before: (j) => `let channel${j} = first_channel + ${b.row(j)};`,
          inside: (j) => `kb < depth && channel${j} < channels_n`,
          value: (j) =>
            `filter_values[((from_b + channel${j}) * u.source_channels + kb % u.source_channels) / ${width}]`,
        },
        k0,
      ),
])}
${lines(
  t.rows,
  (r) => `
  let pixel${r} = first_pixel + row + ${rowOf(t, r)};
  if (pixel${r} < pixels) {
    let at${r} = ((pixel${r} / (height * width) * u.target_height + pixel${r} / width % height * apart + class_yx.x) * u.target_width
      + pixel${r} % width * apart + class_yx.y) * channels_n;
${store(t, r, 'result', `at${r}`, bias, addend)}
  }`,
)}
}`,
  };
}

/** B where its channels are neighbours in memory: the filter forward, the output's gradient for the filter's. */
function filterSide(t: Tile, k0: string, end: string, buffer: string, scale?: string) {
  const width = t.vectors ? 4 : 1;
  const place = `i32(lane) % ${t.n / width}`;
  const channel = `first_channel + ${width} * (${place})`;
  return alongSide(
    t,
    'b',
    t.n,
    {
      inside: (depth) => `${k0} + ${depth} < ${end} && ${channel} < channels_n`,
      value: (depth) => {
        const value = `${buffer}[((${k0} + ${depth}) * channels_n + ${channel}) / ${width}]`;
        return scale ? scaled(t, scale, value) : value;
      },
    },
    place,
  );
}

function filterGradientKernel(t: Tile): Kernel {
  const element = elementOf(t);
  const width = t.vectors ? 4 : 1;
  const place = `i32(lane) % ${t.m / width}`;
  return {
    key: `conv-tiled-filter-gradient:${t.id}:${t.operands}`,
    ...featuresOf(t),
    inputs: { x: element, dy: element },
    outputs: { partial: element },
    uniforms: {
      ...sizeUniforms,
      ...filterScaleUniforms(t.operands),
      pixels: 'i32',
      pixels_per_chunk: 'i32',
    },
    source: () => `${declarationsOf(t)}
// First row of the image, first row and first column of the window, for each output pixel of the next step.
var<workgroup> positions: array<vec3i, ${t.buffers * t.k}>;
fn position(pixel: i32) -> vec3i {
  let image = pixel / (uniforms.out_height * uniforms.out_width);
  let oy = pixel / uniforms.out_width % uniforms.out_height;
  let ox = pixel % uniforms.out_width;
  return vec3i(image * uniforms.height, oy * uniforms.stride - uniforms.pad, ox * uniforms.stride - uniforms.pad);
}
${entryOf(t)}
  let first_channel = i32(group.y) * ${t.n};
  let channels_n = u.out_channels;
  let rows = u.filter_height * u.filter_width * u.channels;
  let first_row = i32(group.x) * ${t.m};
  let from_pixel = i32(group.z) * u.pixels_per_chunk;
  let to_pixel = min(from_pixel + u.pixels_per_chunk, u.pixels);
  // This thread loads one row of A, or one vector of them: one tap and its channels.
  let ma = first_row + ${width} * (${place});
  let tap = vec2i(ma / u.channels / u.filter_width, ma / u.channels % u.filter_width);
  let channel_a = ma % u.channels;
  if (lane < ${t.k}) { positions[lane] = position(from_pixel + i32(lane)); }
  workgroupBarrier();
${tileLoop(
  t,
  { from: 'from_pixel', to: 'to_pixel' },
  (k0, slot) => [
    alongSide(
      t,
      'a',
      t.m,
      {
        before: (depth) => `let at = positions[${slot} * ${t.k} + ${depth}] + vec3i(0, tap);`,
        inside: (depth) =>
          `${k0} + ${depth} < to_pixel && ma < rows && at.y >= 0 && at.y < u.height && at.z >= 0 && at.z < u.width`,
        value: () =>
          scaled(t, 'x_scale', `x[(((at.x + at.y) * u.width + at.z) * u.channels + channel_a) / ${width}]`),
      },
      place,
    ),
    filterSide(t, k0, 'to_pixel', 'dy', 'dy_scale'),
  ],
  (k0, slot) =>
    `    if (lane < ${t.k}) { positions[${slot} * ${t.k} + i32(lane)] = position(${k0} + i32(lane)); }`,
)}
${lines(
  t.rows,
  (r) => `
  let row${r} = first_row + row + ${rowOf(t, r)};
  if (row${r} < rows) {
    let start${r} = (i32(group.z) * rows + row${r}) * channels_n;
${store(t, r, 'partial', `start${r}`)}
  }`,
)}
}`,
  };
}

/** The kernel of a product by itself, without bias and addend, to be compiled beforehand. */
export const tiledKernel = (kind: ProductKind, tiling: Tiling, operands: Operands): Kernel =>
  kind === 'filter-gradient'
    ? filterGradientKernel({ ...tiling, operands })
    : gatherKernel(kind, { ...tiling, operands }, false, false);

/** The tile of a product: by the tiling given, or the one that the backend's choice names, else the default. */
function tileOf(backend: unknown, kind: ProductKind, shape: ConvShape, given?: Tiling): Tile {
  const { tilings, operands } = productsOf(backend);
  const named = tilings?.[shapeClass(kind, shape, operands)];
  const columns = kind === 'input-gradient' ? shape.channels : shape.outChannels;
  return { ...(given ?? ((named && tilingNamed(named)) || defaultTiling(columns))), operands };
}

/** @param tiling for every product; absent: the backend's choice */
export function tiledKernels(tiling?: Tiling): ConvKernels {
  return {
    gather(backend, direction, source, filter, shape, { bias, addend, gradient } = {}) {
      const t = tileOf(backend, direction, shape, tiling);
      const { target, pixels, classes, uniforms } = gatherSides(direction, shape, gradient);
      return dispatchKernel(backend, gatherKernel(direction, t, bias !== undefined, addend !== undefined), {
        inputs: [source, filter, ...(bias ? [bias] : []), ...(addend ? [addend] : [])],
        outputs: [{ shape: target }],
        uniforms,
        groups: [Math.ceil(pixels / t.m), Math.ceil(target[3] / t.n), classes],
      })[0]!;
    },
    filterGradient(backend, x, dy, s, { sum = sumChunks, gradient } = {}) {
      const t = tileOf(backend, 'filter-gradient', s, tiling);
      const rows = s.filterHeight * s.filterWidth * s.channels;
      const pixels = s.batch * s.outHeight * s.outWidth;
      const usual = defaultTiling(s.outChannels);
      const tiles = Math.ceil(rows / usual.m) * Math.ceil(s.outChannels / usual.n);
      const wanted = Math.ceil(TARGET_GROUPS / tiles);
      const perChunk = Math.ceil(Math.max(1, pixels) / wanted / CHUNK_STEP) * CHUNK_STEP;
      const chunks = Math.max(1, Math.ceil(pixels / perChunk));
      const shape = filterShape(s);
      const partial = dispatchKernel(backend, filterGradientKernel(t), {
        inputs: [x, dy],
        outputs: [{ shape: chunks === 1 ? shape : [chunks, ...shape] }],
        uniforms: {
          ...shapeUniforms(s),
          ...filterScales(s, gradient),
          pixels,
          pixels_per_chunk: perChunk,
        },
        groups: [Math.ceil(rows / t.m), Math.ceil(s.outChannels / t.n), chunks],
      })[0]!;
      return sum(backend, partial, chunks, shape);
    },
  };
}
