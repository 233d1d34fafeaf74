import type { Ranges } from '../ranges';
import { LetheError } from '../settings';
import type { Mask } from '../tensors';
import { listedNames, nameHead, sameShape } from './checkpoint';
import { pruningMasks } from './checkpoints/composed';
import { inOrderOfFile } from './checkpoints/format';
import { findNetwork } from './checkpoints/names';
import { openTensors } from './checkpoints/recognise';
import type { ModelSpec } from './spec';

/**
 * Finds a mask in a file of any checkpoint format: a tensor for each parameter, under its name or another that `findNetwork` knows or
 * torch.nn.utils.prune gives it, of zeros and ones in any number type. BatchNorm's statistics may lie beside.
 * @returns reads it. @throws LetheError with one sentence, as reading does, when it is damaged or does not fit the network
 */
export async function openMaskFile(
  spec: ModelSpec,
  content: Uint8Array | Ranges,
): Promise<() => Promise<Mask>> {
  const { tensors, report } = findNetwork((await openTensors(content)).tensors, pruningMasks);
  nameHead(tensors, report);
  const refused = (why: string) => new LetheError(`This is no mask for ${spec.label}: ${why}.`);
  const names = spec.parameters.map(({ name }) => name);
  const missing = names.filter((name) => !Object.hasOwn(tensors, name));
  if (missing.length > 0)
    throw refused(`it lacks ${listedNames(missing)}, and a mask says zero or one for every parameter`);
  // The mask of a larger network may hold all of ours.
  const known = new Set([...names, ...spec.buffers.map(({ name }) => name)]);
  const unknown = Object.keys(tensors).filter((name) => !known.has(name));
  if (unknown.length > 0) throw refused(`it has the unknown ${listedNames(unknown)}`);
  const parts = spec.parameters.map(({ name, shape }) => {
    const tensor = tensors[name]!;
    if (!sameShape(tensor.shape, shape)) throw refused(`${name} is [${tensor.shape}] instead of [${shape}]`);
    return { name, tensor };
  });
  return async () => {
    const read = new Map<string, Uint8Array>();
    for (const { name, tensor } of inOrderOfFile(parts)) {
      const values = await tensor.read(`"${name}"`);
      const other = values.find((value) => value !== 0 && value !== 1);
      if (other !== undefined) throw refused(`${name} holds ${other}, but a mask is of zeros and ones`);
      read.set(name, Uint8Array.from(values));
    }
    return Object.fromEntries(names.map((name) => [name, read.get(name)!]));
  };
}

/** The mask of `openMaskFile`, read at once. */
export async function readMaskFile(spec: ModelSpec, content: Uint8Array | Ranges): Promise<Mask> {
  return (await openMaskFile(spec, content))();
}
