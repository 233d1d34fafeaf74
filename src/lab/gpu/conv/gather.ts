import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatchKernel } from '../dispatch';
import { type Kernel, lines, range } from '../kernel';
import { productsOf } from '../products';
import { gradientScale, inRegisters, type Operands, scales, scaleUniforms, unscaled } from './operands';
import { type ConvShape, inputShape, outputShape } from './shape';
import type { SumChunks } from './sum-chunks';

/*
 * Forward convolution and input gradient are the same sum: an output pixel (a, b) gathers, over taps t, the source pixel
 * a·A + B ± t times one slice of the filter. For the input gradient with stride s, the pixels whose coordinates agree
 * modulo s ("class") meet the same taps, so every class is a dense problem of its own: no tap is tried in vain.
 *
 * Register tiles without shared memory: a thread computes PIXELS × CHANNELS values. The threads of a workgroup share the channels,
 * so the filter is read by uniform addresses. Larger tiles would read less, but CPU drivers' compilers need minutes for them.
 */

const PIXELS = 4;
const CHANNELS = 8;
const WORKGROUP = 32;

export type Direction = 'forward' | 'input-gradient';

/** Uniforms of a gathering kernel. The source is the image read, the target the image written. */
export const gatherUniforms = {
  batch: 'i32',
  source_height: 'i32',
  source_width: 'i32',
  source_channels: 'i32',
  target_height: 'i32',
  target_width: 'i32',
  target_channels: 'i32',
  filter_height: 'i32',
  filter_width: 'i32',
  stride: 'i32',
  pad: 'i32',
} as const;

/** WGSL: the size, the taps and the first source pixel of the dense problem that `group.z` numbers; forward there is one. */
export function denseProblem(direction: Direction): string {
  const forward = direction === 'forward';
  return `
  let apart = ${forward ? '1' : 'u.stride'};
  let class_yx = ${forward ? 'vec2i(0)' : 'vec2i(i32(group.z) / u.stride, i32(group.z) % u.stride)'};
  let height = (u.target_height - class_yx.x + apart - 1) / apart;
  let width = (u.target_width - class_yx.y + apart - 1) / apart;
  let first = ${forward ? 'vec2i(0)' : '(class_yx + u.pad) % apart'};
  let taps = (vec2i(u.filter_height, u.filter_width) - first + apart - 1) / apart;
  let start = ${forward ? 'vec2i(-u.pad)' : '(class_yx + u.pad - first) / apart'};
  let pixels = u.batch * height * width;`;
}

/** WGSL: the r-th of a thread's target pixels, number `p` of its problem, and where its first tap reads. */
export function targetPixel(direction: Direction, r: number): string {
  const stride = direction === 'forward' ? ' * u.stride' : '';
  return `
  let image${r} = p${r} / (height * width);
  let a${r} = p${r} / width % height;
  let b${r} = p${r} % width;
  let y${r} = a${r}${stride} + start.x;
  let x${r} = b${r}${stride} + start.y;`;
}

/** WGSL: whether tap (ty, tx) of the r-th target pixel meets the source, and if so from where on it reads. */
export function tapSource(direction: Direction, r: number, perPixel: string): string {
  const sign = direction === 'forward' ? '+' : '-';
  return `
      let iy${r} = y${r} ${sign} ty;
      let ix${r} = x${r} ${sign} tx;
      let inside${r} = p${r} < pixels && iy${r} >= 0 && iy${r} < u.source_height && ix${r} >= 0 && ix${r} < u.source_width;
      let from${r} = select(0, ((image${r} * u.source_height + iy${r}) * u.source_width + ix${r}) * ${perPixel}, inside${r});`;
}

/** @param wide the target's channel count is a multiple of 4, so that it is written (and forward, the filter read) by vectors */
function gatherKernel(direction: Direction, wide: boolean, bias: boolean, operands: Operands): Kernel {
  const forward = direction === 'forward';
  const vectors = CHANNELS / 4;
  const channel = (i: number) => `min(channel + ${i}, u.target_channels - 1)`;

  // HWIO: the filter's last axis is the target's channels forward, the source's channels backward.
  const filterVector = (v: number) => {
    if (!forward)
      return `vec4f(${range(4)
        .map((l) => `filter_values[f${4 * v + l} + c]`)
        .join(', ')})`;
    if (wide)
      return `filter_values[(tap + c) * (u.target_channels / 4) + min(channel / 4 + ${v}, last_vector)]`;
    return `vec4f(${range(4)
      .map((l) => `filter_values[(tap + c) * u.target_channels + ${channel(4 * v + l)}]`)
      .join(', ')})`;
  };
  const store = (r: number) => {
    const put = (channel: string, inside: string, target: string, value: string) =>
      `if (${inside}) {
  let at = ${target} + ${channel};
  var value = ${unscaled(operands, value)}${bias ? ` + bias[${channel}]` : ''};
  if (u.added == 1u) { value += addend[at]; }
  result[at] = value;
}`;
    return lines(vectors, (v) => {
      const vector = `channel / 4 + ${v}`;
      if (wide) return put(vector, `${vector} <= last_vector`, `target${r} / 4`, `acc${r}_${v}`);
      return lines(4, (l) => {
        const single = `channel + ${4 * v + l}`;
        return put(single, `${single} < u.target_channels`, `target${r}`, `acc${r}_${v}[${l}]`);
      });
    });
  };
  const target = wide ? ('vec4<f32>' as const) : ('f32' as const);

  return {
    key: `conv-${direction}:${wide ? 4 : 1}:${bias}:${operands}`,
    inputs: {
      source: 'f32',
      filter_values: forward && wide ? 'vec4<f32>' : 'f32',
      ...(bias && { bias: target }),
      addend: target,
    },
    outputs: { result: target },
    uniforms: { ...gatherUniforms, ...scaleUniforms(operands), added: 'u32' },
    source: () => `
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let u = uniforms;
  let channel = i32(group.y) * ${CHANNELS};
  let last_vector = u.target_channels / 4 - 1;
${denseProblem(direction)}
  if (i32(group.x) * ${WORKGROUP * PIXELS} >= pixels) { return; }
${lines(
  PIXELS,
  (r) => `
  let p${r} = i32(group.x) * ${WORKGROUP * PIXELS} + i32(local.x) + ${r * WORKGROUP};
${targetPixel(direction, r)}
  ${range(vectors)
    .map((v) => `var acc${r}_${v} = vec4f();`)
    .join(' ')}`,
)}
  for (var ty = 0; ty < taps.x; ty++) {
    for (var tx = 0; tx < taps.y; tx++) {
      let tap = ((first.x + ty * apart) * u.filter_width + first.y + tx * apart) * ${forward ? 'u.source_channels' : 'u.target_channels'};
${forward ? '' : lines(CHANNELS, (i) => `      let f${i} = (tap + ${channel(i)}) * u.source_channels;`)}
${lines(PIXELS, (r) => tapSource(direction, r, 'u.source_channels'))}
      for (var c = 0; c < u.source_channels; c++) {
${lines(vectors, (v) => `        let w${v} = ${inRegisters(operands, filterVector(v))};`)}
${lines(PIXELS, (r) =>
  [
    `let s${r} = select(0.0, ${inRegisters(operands, `source[from${r} + c]`, 'u.scale')}, inside${r});`,
    ...range(vectors).map((v) => `acc${r}_${v} += s${r} * w${v};`),
  ].join(' '),
)}
      }
    }
  }
${lines(
  PIXELS,
  (r) => `
  if (p${r} < pixels) {
    let target${r} = ((image${r} * u.target_height + a${r} * apart + class_yx.x) * u.target_width + b${r} * apart + class_yx.y) * u.target_channels;
${store(r)}
  }`,
)}
}`,
  };
}

/**
 * Shapes and uniforms of one gather: the target's shape, its pixels (of the largest class), and the number of classes.
 * @param gradient whether the source is a gradient
 */
export function gatherSides(direction: Direction, s: ConvShape, gradient = false) {
  const forward = direction === 'forward';
  const [source, target] = forward ? [inputShape(s), outputShape(s)] : [outputShape(s), inputShape(s)];
  const apart = forward ? 1 : s.stride;
  const uniforms = {
    ...scales(gradient ? gradientScale(source[0] * source[1] * source[2]) : 1),
    batch: s.batch,
    source_height: source[1],
    source_width: source[2],
    source_channels: source[3],
    target_height: target[1],
    target_width: target[2],
    target_channels: target[3],
    filter_height: s.filterHeight,
    filter_width: s.filterWidth,
    stride: s.stride,
    pad: s.pad,
  };
  const pixels = s.batch * Math.ceil(target[1] / apart) * Math.ceil(target[2] / apart);
  return { target, pixels, classes: apart * apart, uniforms };
}

export interface GatherOptions {
  /** One number per channel of the result, added to every pixel. */
  bias?: TensorInfo | undefined;
  /** Of the result's shape, added to it last. */
  addend?: TensorInfo | undefined;
  /** The source is a loss's gradient: see `gradientScale`. */
  gradient?: boolean;
}

/**
 * Forward: images NHWC ∗ filter HWIO → NHWC. Input gradient: the loss's gradient with respect to the images, given the one with
 * respect to the output.
 */
export type Gather = (
  backend: unknown,
  direction: Direction,
  source: TensorInfo,
  filter: TensorInfo,
  shape: ConvShape,
  options?: GatherOptions,
) => TensorInfo;

export interface FilterGradientOptions {
  /** What makes the gradient of its chunks. */
  sum?: SumChunks | undefined;
  /** Which operand is a loss's gradient: see `gradientScale`. A matrix product with its left side transposed has it in the place of x. */
  gradient?: 'x' | 'dy';
}

/** The three products of a convolution; for the filter gradient see filter-gradient.ts. Their outputs are not tracked by `tidy`. */
export interface ConvKernels {
  gather: Gather;
  filterGradient(
    backend: unknown,
    x: TensorInfo,
    dy: TensorInfo,
    shape: ConvShape,
    options?: FilterGradientOptions,
  ): TensorInfo;
}

/** In registers, for any number of channels. */
export const registerGather: Gather = (
  backend,
  direction,
  source,
  filter,
  shape,
  { bias, addend, gradient } = {},
) => {
  const { target, pixels, classes, uniforms } = gatherSides(direction, shape, gradient);
  const { operands } = productsOf(backend);
  return dispatchKernel(backend, gatherKernel(direction, target[3] % 4 === 0, bias !== undefined, operands), {
    // Compiling a second kernel for those without an addend would cost seconds: it is not read then.
    inputs: [source, filter, ...(bias ? [bias] : []), addend ?? filter],
    outputs: [{ shape: target }],
    uniforms: { ...uniforms, added: addend ? 1 : 0 },
    groups: [Math.ceil(pixels / (WORKGROUP * PIXELS)), Math.ceil(target[3] / CHANNELS), classes],
  })[0]!;
};
