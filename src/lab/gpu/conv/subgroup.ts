import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatchKernel } from '../dispatch';
import { type Kernel, lines, range } from '../kernel';
import { productsOf } from '../products';
import {
  type Direction,
  denseProblem,
  type FilterGradientOptions,
  type Gather,
  gatherSides,
  gatherUniforms,
  tapSource,
  targetPixel,
} from './gather';
import {
  filterScales,
  filterScaleUniforms,
  inRegisters,
  type Operands,
  scaleUniforms,
  unscaled,
} from './operands';
import { type ConvShape, filterShape, shapeUniforms, sizeUniforms } from './shape';
import { sumChunks } from './sum-chunks';

/*
 * The convolution products for CPU drivers with subgroups. Such drivers run a subgroup as the lanes of a vector unit: arithmetic
 * is one instruction for all lanes, a load a branch and several instructions for every lane. So a lane loads what no other lane
 * loads, and values that all lanes need reach them by broadcast, which is one instruction. There is no shared memory.
 *
 * A workgroup is one subgroup and computes 4 rows per lane × 16 columns of the implicit matrix product (see tiled.ts), in steps of 4
 * along the depth. In a step each lane loads 4 vectors of its own, and the lanes together 16 vectors for all.
 */

const ROWS = 4;
const COLUMNS = 16;
const VECTORS = COLUMNS / 4;
const SHARED = 16;

const entry = (lanes: number) => `
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) subgroup_lane: u32) {
  let u = uniforms;
  let lane = i32(subgroup_lane);
  let column = i32(group.y) * ${COLUMNS};
${lines(ROWS, (r) =>
  range(VECTORS)
    .map((v) => `  var acc${r}_${v} = vec4f();`)
    .join(' '),
)}`;

/** Spreads the step's shared vectors over the lanes; `vector` is the WGSL expression of the vector with a given number. */
const loadShared = (lanes: number, vector: (number: string) => string) =>
  lines(Math.ceil(SHARED / lanes), (j) => `let shared${j} = ${vector(`(${j * lanes} + lane)`)};`);

/** Adds a step to the accumulators: `term(r)` times 4×4 blocks of shared vectors, whose numbers are `number(d, v)`. */
const accumulate = (lanes: number, number: (d: number, v: number) => number, term: (r: number) => string) => {
  const vector = (i: number) => `subgroupBroadcast(shared${Math.floor(i / lanes)}, ${i % lanes}u)`;
  return lines(
    VECTORS,
    (v) => `{
  let block = mat4x4f(${range(4)
    .map((d) => vector(number(d, v)))
    .join(', ')});
${lines(ROWS, (r) => `  acc${r}_${v} += ${term(r)};`)}
}`,
  );
};

/** Rows are target pixels, columns target channels, the depth taps and source channels. */
function gatherKernel(direction: Direction, lanes: number, operands: Operands): Kernel {
  const forward = direction === 'forward';
  const filterVector = (index: string) => inRegisters(operands, `filter_values[${index}]`);
  return {
    key: `conv-subgroup-${direction}:${lanes}:${operands}`,
    subgroups: true,
    inputs: { source: 'vec4<f32>', filter_values: 'vec4<f32>', bias: 'vec4<f32>', addend: 'vec4<f32>' },
    outputs: { result: 'vec4<f32>' },
    uniforms: { ...gatherUniforms, ...scaleUniforms(operands), biased: 'u32', added: 'u32' },
    source: () => `
${entry(lanes)}
  let source_vectors = u.source_channels / 4;
  let target_vectors = u.target_channels / 4;
${denseProblem(direction)}
  let first_pixel = i32(group.x) * ${ROWS * lanes};
  if (first_pixel >= pixels) { return; }
${lines(
  ROWS,
  (r) => `
  let p${r} = first_pixel + ${r * lanes} + lane;
${targetPixel(direction, r)}`,
)}
  for (var ty = 0; ty < taps.x; ty++) {
    for (var tx = 0; tx < taps.y; tx++) {
      let tap = (first.x + ty * apart) * u.filter_width + first.y + tx * apart;
${lines(ROWS, (r) => tapSource(direction, r, 'source_vectors'))}
      for (var c = 0; c < source_vectors; c++) {
${lines(ROWS, (r) => `let s${r} = select(vec4f(), ${inRegisters(operands, `source[from${r} + c]`, 'u.scale')}, inside${r});`)}
${
  // Forward a vector holds 4 target channels of one source channel, backward 4 source channels of one target channel.
  forward
    ? `${loadShared(lanes, (i) =>
        filterVector(
          `(tap * u.source_channels + 4 * c + ${i} / ${VECTORS}) * target_vectors + column / 4 + ${i} % ${VECTORS}`,
        ),
      )}
${accumulate(
  lanes,
  (d, v) => VECTORS * d + v,
  (r) => `block * s${r}`,
)}`
    : `${loadShared(lanes, (i) => filterVector(`(tap * u.target_channels + column + ${i}) * source_vectors + c`))}
${accumulate(
  lanes,
  (d, v) => 4 * v + d,
  (r) => `s${r} * block`,
)}`
}
      }
    }
  }
${lines(VECTORS, (v) => `  let bias${v} = select(vec4f(), bias[column / 4 + ${v}], u.biased == 1u);`)}
${lines(
  ROWS,
  (r) => `
  if (p${r} < pixels) {
    let target${r} = ((image${r} * u.target_height + a${r} * apart + class_yx.x) * u.target_width + b${r} * apart + class_yx.y) * target_vectors;
${lines(VECTORS, (v) => {
  const vector = `column / 4 + ${v}`;
  return `    if (${vector} < target_vectors) {
      var value = ${unscaled(operands, `acc${r}_${v}`)} + bias${v};
      if (u.added == 1u) { value += addend[target${r} + ${vector}]; }
      result[target${r} + ${vector}] = value;
    }`;
})}
  }`,
)}
}`,
  };
}

/** Rows are taps and input channels, columns output channels, the depth output pixels: those of a chunk of image rows. */
function filterGradientKernel(lanes: number, operands: Operands): Kernel {
  const read = (buffer: 'x' | 'dy', index: string) =>
    inRegisters(operands, `${buffer}[${index}]`, `u.${buffer}_scale`);
  return {
    key: `conv-subgroup-filter-gradient:${lanes}:${operands}`,
    subgroups: true,
    inputs: { x: 'vec4<f32>', dy: 'vec4<f32>' },
    outputs: { partial: 'vec4<f32>' },
    uniforms: {
      ...sizeUniforms,
      ...filterScaleUniforms(operands),
      rows: 'i32',
      rows_per_chunk: 'i32',
      pixels: 'i32',
    },
    source: () => `
${entry(lanes)}
  let x_vectors = u.channels / 4;
  let dy_vectors = u.out_channels / 4;
  let tile = i32(group.x) * ${lanes} + lane;
  let tap = vec2i(tile / x_vectors / u.filter_width, tile / x_vectors % u.filter_width);
  let tile_inside = tap.x < u.filter_height;
  let c = tile % x_vectors;
  let from_row = i32(group.z) * u.rows_per_chunk;
  let to_row = min(from_row + u.rows_per_chunk, u.rows);
  for (var row = from_row; row < to_row; row++) {
    let iy = row % u.out_height * u.stride + tap.x - u.pad;
    let row_inside = tile_inside && iy >= 0 && iy < u.height;
    let x_row = (row / u.out_height * u.height + iy) * u.width;
    let end = min(u.out_width, u.pixels - row * u.out_width);
    for (var ox = 0; ox < end; ox += 4) {
${lines(
  4,
  (d) => `
      let ix${d} = (ox + ${d}) * u.stride + tap.y - u.pad;
      let inside${d} = row_inside && ox + ${d} < end && ix${d} >= 0 && ix${d} < u.width;
      let s${d} = select(vec4f(), ${read('x', `select(0, (x_row + ix${d}) * x_vectors + c, inside${d})`)}, inside${d});`,
)}
${loadShared(lanes, (i) => read('dy', `(row * u.out_width + ox + ${i} / ${VECTORS}) * dy_vectors + column / 4 + ${i} % ${VECTORS}`))}
${accumulate(
  lanes,
  (d, v) => VECTORS * d + v,
  (r) => `block * vec4f(s0[${r}], s1[${r}], s2[${r}], s3[${r}])`,
)}
    }
  }
  if (!tile_inside) { return; }
  let start = (((i32(group.z) * u.filter_height + tap.x) * u.filter_width + tap.y) * u.channels + 4 * c) * dy_vectors;
${lines(ROWS, (r) =>
  lines(
    VECTORS,
    (v) =>
      `  if (column / 4 + ${v} < dy_vectors) { partial[start + ${r} * dy_vectors + column / 4 + ${v}] = ${unscaled(operands, `acc${r}_${v}`)}; }`,
  ),
)}
}`,
  };
}

/** Whether these kernels can compute a convolution: they read and write vectors of 4 channels. */
export const fitsSubgroups = ({ channels, outChannels }: ConvShape): boolean =>
  channels % 4 === 0 && outChannels % 4 === 0;

export const subgroupGather: Gather = (
  backend,
  direction,
  source,
  filter,
  shape,
  { bias, addend, gradient } = {},
) => {
  const { lanes, operands } = productsOf(backend);
  const { target, pixels, classes, uniforms } = gatherSides(direction, shape, gradient);
  return dispatchKernel(backend, gatherKernel(direction, lanes, operands), {
    // Compiling another kernel for those without would cost seconds: these are not read then.
    inputs: [source, filter, bias ?? filter, addend ?? filter],
    outputs: [{ shape: target }],
    uniforms: { ...uniforms, biased: bias ? 1 : 0, added: addend ? 1 : 0 },
    groups: [Math.ceil(pixels / (lanes * ROWS)), Math.ceil(target[3] / COLUMNS), classes],
  })[0]!;
};

/** Workgroups that keep the cores of a CPU busy; more chunks than that only cost memory. */
const TARGET_GROUPS = 256;
/** Terms beyond which a plain sum would lose digits. */
const MAX_CHUNK_PIXELS = 4096;
/** Pixels to a row where the image's own rows do not matter. */
const FLAT_WIDTH = 64;

/** As `convFilterGradient` in filter-gradient.ts. */
export function subgroupFilterGradient(
  backend: unknown,
  x: TensorInfo,
  dy: TensorInfo,
  s: ConvShape,
  { sum = sumChunks, gradient }: FilterGradientOptions = {},
): TensorInfo {
  const { lanes, operands } = productsOf(backend);
  const pixels = s.batch * s.outHeight * s.outWidth;
  const flat = s.filterHeight * s.filterWidth * s.stride === 1 && s.pad === 0;
  const rows = flat ? Math.ceil(pixels / FLAT_WIDTH) : s.batch * s.outHeight;
  const sides = flat && { batch: 1, height: rows, outHeight: rows, width: FLAT_WIDTH, outWidth: FLAT_WIDTH };
  const across = Math.ceil((s.filterHeight * s.filterWidth * s.channels) / (ROWS * lanes));
  const down = Math.ceil(s.outChannels / COLUMNS);
  const wanted = Math.max(Math.ceil(TARGET_GROUPS / (across * down)), Math.ceil(pixels / MAX_CHUNK_PIXELS));
  const rowsPerChunk = Math.max(1, Math.ceil(rows / wanted));
  const chunks = Math.max(1, Math.ceil(rows / rowsPerChunk));
  const shape = filterShape(s);
  const partial = dispatchKernel(backend, filterGradientKernel(lanes, operands), {
    inputs: [x, dy],
    outputs: [{ shape: chunks === 1 ? shape : [chunks, ...shape] }],
    uniforms: {
      ...shapeUniforms({ ...s, ...sides }),
      ...filterScales(s, gradient),
      rows,
      rows_per_chunk: rowsPerChunk,
      pixels,
    },
    groups: [across, down, chunks],
  })[0]!;
  return sum(backend, partial, chunks, shape);
}
