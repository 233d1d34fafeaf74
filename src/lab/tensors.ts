/** Plain data that rooms hand to each other: named host tensors in PyTorch's layout. No TF.js here. */

export interface HostTensor {
  shape: number[];
  data: Float32Array;
}

/** Parameters and buffers by PyTorch name (`conv1.weight`, `bn1.running_mean`), PyTorch layout (conv `[out,in,kh,kw]`, linear `[out,in]`). */
export type Checkpoint = Record<string, HostTensor>;

/** What a checkpoint's tensors are called and how large they are, known before their values are. */
export type Shapes = Record<string, Pick<HostTensor, 'shape'>>;

/** Gradients or per-parameter scores under the parameters' names; buffers are absent. */
export type ParameterTensors = Record<string, HostTensor>;

/** A mask: one byte (0 or 1) per scalar of every parameter, in the parameter's own row-major order. */
export type Mask = Record<string, Uint8Array>;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
