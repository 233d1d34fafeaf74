import type { DataType } from '@tensorflow/tfjs-core';

/** What a storage binding holds. `vec4<f32>` needs a tensor whose size is a multiple of 4; atomics can only be outputs. */
export type Element = 'f32' | 'i32' | 'u32' | 'vec4<f32>' | 'vec4<u32>' | 'atomic<u32>';

/** A compute program. Plain data: the pipeline is built on first use and kept per device under `key`. */
export interface Kernel {
  /** Must contain every value baked into `source`. */
  key: string;
  /** Names and element types of the read-only buffers, in the order in which tensors are passed. */
  inputs: Record<string, Element>;
  /** The same for the buffers written: new tensors, or existing ones changed in place (then readable too). */
  outputs: Record<string, Element>;
  /** Scalars passed with a dispatch; the source reads them as `uniforms.name`. */
  uniforms?: Record<string, 'u32' | 'i32' | 'f32'>;
  /** Set only where the kernel's maker checked the device's limit: otherwise more than the 8 buffers of every device are refused. */
  manyBuffers?: true;
  /** The source uses subgroup functions: only for devices that have them. */
  subgroups?: true;
  /** The source has half-precision numbers: only for devices with `shader-f16`. */
  f16?: true;
  /**
   * WGSL with an entry point `main`. Declarations of the buffers and uniforms are put in front, and
   * `flat_group(group, groups)`, the number of a workgroup when the dispatch gave a plain count: it may run past
   * that count, so the source checks its bounds.
   */
  source: () => string;
}

/** A new tensor for a kernel to fill. */
export interface Fresh {
  shape: number[];
  /** Default `float32`. */
  dtype?: DataType;
}

/** The whole shader of a kernel: declarations, then its source. */
export function shaderCode(kernel: Kernel): string {
  const lines: string[] = [];
  const declare = (access: string, names: Record<string, Element>) => {
    for (const [name, element] of Object.entries(names))
      lines.push(`@group(0) @binding(${lines.length}) var<storage, ${access}> ${name}: array<${element}>;`);
  };
  declare('read', kernel.inputs);
  declare('read_write', kernel.outputs);
  if (kernel.uniforms) {
    const fields = Object.entries(kernel.uniforms).map(([name, type]) => `${name}: ${type}`);
    lines.push(`@group(0) @binding(${lines.length}) var<uniform> uniforms: Uniforms;`);
    lines.unshift(`struct Uniforms { ${fields.join(', ')} }`);
  }
  lines.push('fn flat_group(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }');
  if (kernel.subgroups) lines.unshift('enable subgroups;');
  if (kernel.f16) lines.unshift('enable f16;');
  return `${lines.join('\n')}\n${kernel.source()}`;
}

/** The bytes of a kernel's uniforms, padded to 16. */
export function packUniforms(
  types: Record<string, 'u32' | 'i32' | 'f32'>,
  values: Record<string, number>,
): ArrayBuffer {
  const names = Object.keys(types);
  const view = new DataView(new ArrayBuffer(Math.ceil(names.length / 4) * 16));
  names.forEach((name, i) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The uniform "${name}" was not given.`);
    if (types[name] === 'f32') view.setFloat32(4 * i, value, true);
    else if (types[name] === 'i32') view.setInt32(4 * i, value, true);
    else view.setUint32(4 * i, value, true);
  });
  return view.buffer;
}

/** 0 … n − 1, for writing unrolled WGSL. */
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** One line of WGSL for each of 0 … n − 1. */
export const lines = (n: number, line: (i: number) => string): string => range(n).map(line).join('\n');

/** The element that kernels read lists by: vectors of 4 where 4 divides the length, else single numbers. */
export type Lanes = Extract<Element, 'f32' | 'vec4<f32>'>;

/** Element and number of elements of a list (or row) of `size` numbers. A WGSL `alias` lets one source serve both elements. */
export const lanesOf = (size: number): { element: Lanes; count: number } =>
  size % 4 === 0 ? { element: 'vec4<f32>', count: size / 4 } : { element: 'f32', count: size };

/** A kernel's `inputs` or `outputs` where all have one element type. */
export const buffers = <T extends Element>(element: T, ...names: string[]): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, element]));
