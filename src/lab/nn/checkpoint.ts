import { LetheError } from '../settings';
import type { Checkpoint } from '../tensors';
import { decodeSafetensors, encodeSafetensors } from './safetensors';
import type { ModelSpec } from './spec';

/** PyTorch counts BatchNorm's batches in every state dict; nothing here depends on it. */
const IGNORED = /(^|\.)num_batches_tracked$/;

/** A checkpoint as a safetensors file that PyTorch's `load_state_dict` accepts, in the model's own order. */
export function encodeCheckpoint(spec: ModelSpec, checkpoint: Checkpoint): Uint8Array {
  checkCheckpoint(spec, checkpoint);
  const names = expectedShapes(spec).map(([name]) => name);
  return encodeSafetensors(Object.fromEntries(names.map((name) => [name, checkpoint[name]!])));
}

/**
 * Reads weights in PyTorch layout and names; half and double precision become float32.
 * @throws LetheError when the file is damaged or does not fit the model, naming what is wrong.
 */
export function decodeCheckpoint(spec: ModelSpec, file: Uint8Array): Checkpoint {
  const checkpoint: Checkpoint = {};
  for (const [name, { shape, data }] of Object.entries(decodeSafetensors(file))) {
    if (IGNORED.test(name)) continue;
    checkpoint[name] = { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
  }
  checkCheckpoint(spec, checkpoint);
  return checkpoint;
}

/** @throws LetheError naming the missing, unknown and misshapen tensors in one sentence. */
export function checkCheckpoint(spec: ModelSpec, checkpoint: Checkpoint): void {
  const expected = new Map(expectedShapes(spec));
  const missing = [...expected.keys()].filter((name) => !checkpoint[name]);
  const unknown = Object.keys(checkpoint).filter((name) => !expected.has(name));
  const misshapen = [...expected].flatMap(([name, shape]) => {
    const tensor = checkpoint[name];
    return !tensor || tensor.shape.join() === shape.join()
      ? []
      : [`${name} is [${tensor.shape}] instead of [${shape}]`];
  });
  const problems = [
    missing.length ? `it lacks ${listed(missing)}` : '',
    unknown.length ? `it has the unknown ${listed(unknown)}` : '',
    misshapen.length ? listed(misshapen) : '',
  ].filter(Boolean);
  if (problems.length)
    throw new LetheError(`This checkpoint does not fit ${spec.label}: ${problems.join('; ')}.`);
}

/** A wrong architecture gets hundreds of names wrong; three are enough to see it. */
function listed(items: string[]): string {
  const rest = items.length - 3;
  return items.slice(0, 3).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function expectedShapes(spec: ModelSpec): [string, number[]][] {
  return [...spec.parameters, ...spec.buffers].map(({ name, shape }) => [name, shape]);
}
