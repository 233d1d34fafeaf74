import type { Ranges } from '../ranges';
import { LetheError } from '../settings';
import type { Mask } from '../tensors';
import { sameShape } from './checkpoint';
import { findNetwork } from './checkpoints/names';
import { openTensors } from './checkpoints/recognise';
import type { ModelSpec } from './spec';

/**
 * Reads a mask from a file of any checkpoint format: a tensor for each parameter, under its name or another that `findNetwork` knows, of zeros
 * and ones in any number type.
 * @throws LetheError with one sentence when it is damaged or does not fit the network
 */
export async function readMaskFile(spec: ModelSpec, content: Uint8Array | Ranges): Promise<Mask> {
  const { tensors } = findNetwork((await openTensors(content)).tensors);
  const mask: Mask = {};
  for (const { name, shape } of spec.parameters) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    const values = tensor && sameShape(tensor.shape, shape) ? await tensor.read() : undefined;
    if (!values?.every((value) => value === 0 || value === 1))
      throw new LetheError(
        `This is no mask for ${spec.label}: "${name}" must be U8 [${shape}] of zeros and ones, or any other number type of them.`,
      );
    mask[name] = Uint8Array.from(values);
  }
  return mask;
}
