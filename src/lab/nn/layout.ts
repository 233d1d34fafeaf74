import type { HostTensor } from '../tensors';
import type { ParameterSpec } from './spec';

/**
 * The device keeps convolution filters as HWIO `[kh, kw, in, out]` (TF.js's order, output channels adjacent for the
 * kernels); PyTorch, checkpoints, masks and gradients use OIHW. Everything else has one layout.
 */
type Shaped = Pick<ParameterSpec, 'kind' | 'shape'>;

/** Shape of a parameter on the device. */
export function deviceShape({ kind, shape }: Shaped): number[] {
  return kind === 'conv' ? [shape[2]!, shape[3]!, shape[1]!, shape[0]!] : [...shape];
}

/** Calls `visit(pytorch, device)` with the two flat positions of every entry of a filter. */
function walkFilter(shape: number[], visit: (pytorch: number, device: number) => void): void {
  const [outputs, inputs, height, width] = shape as [number, number, number, number];
  const taps = height * width;
  let pytorch = 0;
  for (let out = 0; out < outputs; out++)
    for (let input = 0; input < inputs; input++)
      for (let tap = 0; tap < taps; tap++) visit(pytorch++, (tap * inputs + input) * outputs + out);
}

/** A copy of `data` (weights, or a mask's bytes) from PyTorch's order into the device's. */
export function toDevice<T extends Float32Array | Uint8Array>({ kind, shape }: Shaped, data: T): T {
  const values = data.slice() as T;
  if (kind === 'conv') walkFilter(shape, (pytorch, device) => (values[device] = data[pytorch]!));
  return values;
}

/** A host tensor in PyTorch's order, copied from `data` in the device's. */
export function fromDevice({ kind, shape }: Shaped, data: Float32Array): HostTensor {
  const values = data.slice();
  if (kind === 'conv') walkFilter(shape, (pytorch, device) => (values[pytorch] = data[device]!));
  return { shape: [...shape], data: values };
}
