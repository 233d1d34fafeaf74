import { LetheError } from '../settings';
import { type Checkpoint, sizeOf } from '../tensors';
import { underOurNames } from './checkpoints/names';
import { readTensors } from './checkpoints/recognise';
import { initialBuffers } from './initialise';
import { encodeSafetensors } from './safetensors';
import type { ModelSpec } from './spec';

/** A checkpoint as a safetensors file that PyTorch's `load_state_dict` accepts, in the model's own order. */
export function encodeCheckpoint(spec: ModelSpec, checkpoint: Checkpoint): Uint8Array {
  checkCheckpoint(spec, checkpoint);
  const names = expectedShapes(spec).map(([name]) => name);
  return encodeSafetensors(Object.fromEntries(names.map((name) => [name, checkpoint[name]!])));
}

/**
 * Reads a state dict from a file of any checkpoint format: under our names (`underOurNames`), and every number type becomes float32.
 * @throws LetheError when the file is damaged, of a format that is not read, or holds a value that is not finite.
 */
export async function readStateDict(file: Uint8Array): Promise<Checkpoint> {
  const tensors = Object.entries(underOurNames(await readTensors(file)));
  const checkpoint = Object.fromEntries(
    tensors.map(([name, { shape, data }]) => [
      name,
      { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) },
    ]),
  );
  const broken = Object.keys(checkpoint).filter((name) => !checkpoint[name]!.data.every(Number.isFinite));
  if (broken.length > 0)
    throw new LetheError(
      `This checkpoint holds values that are no finite numbers (NaN or infinity) in ${listed(broken)}: its training diverged.`,
    );
  return checkpoint;
}

/**
 * Reads weights in PyTorch layout and names; see `readStateDict`.
 * @param parts `parameters` fills absent BatchNorm statistics with their initial values: weights to reset to need none.
 * @throws LetheError when the file is damaged or does not fit the model, naming what is wrong.
 */
export async function decodeCheckpoint(
  spec: ModelSpec,
  file: Uint8Array,
  parts: 'all' | 'parameters' = 'all',
): Promise<Checkpoint> {
  const given = await readStateDict(file);
  return fitCheckpoint(spec, { ...(parts === 'parameters' && initialBuffers(spec)), ...given });
}

/** The checkpoint in the network's own order and shapes. @throws LetheError when it does not fit. */
export function fitCheckpoint(spec: ModelSpec, checkpoint: Checkpoint): Checkpoint {
  checkCheckpoint(spec, checkpoint);
  return Object.fromEntries(
    expectedShapes(spec).map(([name, shape]) => [name, { shape, data: checkpoint[name]!.data }]),
  );
}

/** @throws LetheError naming the missing, unknown and misshapen tensors in one sentence. */
export function checkCheckpoint(spec: ModelSpec, checkpoint: Checkpoint): void {
  const problem = fitProblem(spec, checkpoint);
  if (problem) throw new LetheError(problem);
}

/** What `checkCheckpoint` says; undefined when the checkpoint fits. */
export function fitProblem(spec: ModelSpec, checkpoint: Checkpoint): string | undefined {
  const expected = new Map(expectedShapes(spec));
  const missing = [...expected.keys()].filter((name) => !Object.hasOwn(checkpoint, name));
  const unknown = Object.keys(checkpoint).filter((name) => !expected.has(name));
  const misshapen = [...expected].flatMap(([name, shape]) => {
    const tensor = Object.hasOwn(checkpoint, name) ? checkpoint[name] : undefined;
    return !tensor || sameShape(tensor.shape, shape)
      ? []
      : [`${name} is [${tensor.shape}] instead of [${shape}]`];
  });
  const problems = [
    missing.length ? `it lacks ${listed(missing)}` : '',
    unknown.length ? `it has the unknown ${listed(unknown)}` : '',
    misshapen.length ? listed(misshapen) : '',
  ].filter(Boolean);
  return problems.length > 0
    ? `This checkpoint does not fit ${spec.label}: ${problems.join('; ')}.`
    : undefined;
}

/** Equal; or a single number written as a list of one, as numpy does. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.join() === b.join() || (sizeOf(a) === 1 && sizeOf(b) === 1 && a.length + b.length === 1);
}

/** The first three of a list, and how many more there are: a wrong architecture gets hundreds of names wrong. */
function listed(items: string[]): string {
  const rest = items.length - 3;
  return items.slice(0, 3).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function expectedShapes(spec: ModelSpec): [string, number[]][] {
  return [...spec.parameters, ...spec.buffers].map(({ name, shape }) => [name, shape]);
}
