import type { Normalisation } from '../gpu/augment';
import { type Ranges, rangesOf } from '../ranges';
import { LetheError } from '../settings';
import { type Checkpoint, type HostTensor, type Shapes, sizeOf } from '../tensors';
import type { Watch } from '../watch';
import { composeWeights } from './checkpoints/composed';
import { type FileTensor, inOrderOfFile, piecesOf } from './checkpoints/format';
import { type FileMark, markMetadata, markOf } from './checkpoints/mark';
import { findNetwork, type NamingReport } from './checkpoints/names';
import {
  normalisationMetadata,
  parseNormalisation,
  readNormalisation,
  takeNormalisation,
} from './checkpoints/normalisation';
import { openTensors } from './checkpoints/recognise';
import { isWholeType, type StoredArray } from './elements';
import { initialBuffers } from './initialise';
import { emptySafetensors, encodeSafetensors } from './safetensors';
import type { ModelSpec } from './spec';

/**
 * A checkpoint as a safetensors file that PyTorch's `load_state_dict` accepts, in the model's own order.
 * @param mark what the file is, for whoever opens it
 */
export function encodeCheckpoint(
  spec: ModelSpec,
  checkpoint: Checkpoint,
  mark?: FileMark & { normalise?: Normalisation },
): Uint8Array {
  checkCheckpoint(spec, checkpoint);
  const names = expectedShapes(spec).map(([name]) => name);
  const tensors = Object.fromEntries(names.map((name) => [name, checkpoint[name]!]));
  return encodeSafetensors(tensors, mark && markMetadata(mark));
}

/** Packed and repeated values may take less than a byte each, but not that much less. */
const MOST_VALUES_PER_BYTE = 8;
const ANY_VALUES = 2 ** 22;

/** What was found out about a file of weights while it was read. Plain data. */
export interface WeightsReport extends NamingReport {
  /** What the network's images are to be normalised with, where the file says so. */
  normalise?: Normalisation;
  /** Classes and functions that the file refers to beyond tensors; none is ever called. */
  refersTo: string[];
  /** What Lethe wrote the file as. */
  lethe?: FileMark;
}

export interface ReadWeights {
  /** Under our names; its tensors are views of `file`. */
  checkpoint: Checkpoint;
  report: WeightsReport;
  /** The same as a safetensors file, with what the report says of normalisation. */
  file: Uint8Array;
}

/** The network of a file, its values not read yet. */
export interface OpenedWeights {
  /** Under our names. */
  shapes: Shapes;
  report: WeightsReport;
  /** @throws LetheError when the file is damaged, or holds a value that is not finite. */
  read(watch?: Watch): Promise<Pick<ReadWeights, 'checkpoint' | 'file'>>;
}

/**
 * Finds the network in a file of any checkpoint format. Names become ours (`findNetwork`), every number type float32.
 * @throws LetheError when the file is damaged, or of a format that is not read.
 */
export async function openWeights(content: Uint8Array | Ranges): Promise<OpenedWeights> {
  const { tensors, metadata = {}, refersTo } = await openTensors(content);
  const { rest, pair } = takeNormalisation(tensors);
  const { tensors: network, report: naming } = findNetwork(rest, composeWeights);
  nameHead(network, naming);
  const normalise = (pair && (await readNormalisation(pair))) ?? parseNormalisation(metadata);
  const report: WeightsReport = { ...naming, refersTo, ...(normalise && { normalise }), ...markOf(metadata) };
  const values = Object.values(network).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (values > MOST_VALUES_PER_BYTE * rangesOf(content).byteLength + ANY_VALUES)
    throw new LetheError('The file is damaged: its tensors claim to be larger than it.');
  const whole = Object.entries(network).find(
    ([, { dtype, shape }]) => shape.length >= 2 && isWholeType(dtype),
  );
  if (whole)
    throw new LetheError(
      `"${whole[0]}" holds whole numbers (${whole[1].dtype}): this is a mask or a quantised network, not weights.`,
    );
  return { shapes: network, report, read: (watch) => readNetwork(network, normalise, watch) };
}

async function readNetwork(
  network: Record<string, FileTensor>,
  normalise: Normalisation | undefined,
  { signal, onProgress }: Watch = {},
): Promise<Pick<ReadWeights, 'checkpoint' | 'file'>> {
  const parts = Object.entries(network).map(([name, tensor]) => ({ name, shape: tensor.shape, tensor }));
  const { file, places } = emptySafetensors(
    parts.map(({ name, shape }) => ({ name, shape, dtype: 'F32' })),
    normalise && normalisationMetadata(normalise),
  );
  const dataOf = (name: string) => {
    const { from, to } = places.get(name)!;
    return new Float32Array(file.buffer, from, (to - from) / 4);
  };
  const broken: string[] = [];
  let done = 0;
  for (const { name, tensor } of inOrderOfFile(parts)) {
    const data = dataOf(name);
    let filled = 0;
    let isSound = true;
    for await (const values of piecesOf(tensor, `"${name}"`)) {
      signal?.throwIfAborted();
      if (filled + values.length > data.length) throw misfit(name);
      data.set(values, filled);
      filled += values.length;
      isSound &&= areFinite(values);
      done += 4 * values.length;
      onProgress?.({ done, total: file.length, counted: 'bytes' });
    }
    if (filled < data.length) throw misfit(name);
    if (!isSound) broken.push(name);
  }
  if (broken.length > 0)
    throw new LetheError(
      `This checkpoint holds values that are no finite numbers (NaN or infinity) in ${listedNames(broken)}: its training diverged.`,
    );
  const checkpoint = parts.map(({ name, shape }): [string, HostTensor] => [
    name,
    { shape, data: dataOf(name) },
  ]);
  return { checkpoint: Object.fromEntries(checkpoint), file };
}

function areFinite(values: StoredArray): boolean {
  // A callback for each of half a milliard values takes seconds.
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

const misfit = (name: string) => new LetheError(`The data of "${name}" do not fill its shape.`);

/**
 * Reads the weights of a network from a file of any checkpoint format, tensor by tensor: what is no part of the network is not read, and
 * neither the file nor a large tensor is held in memory beside what is made of it.
 * @throws LetheError when the file is damaged, of a format that is not read, or holds a value that is not finite.
 */
export async function readWeights(content: Uint8Array | Ranges, watch?: Watch): Promise<ReadWeights> {
  const { report, read } = await openWeights(content);
  return { ...(await read(watch)), report };
}

/** The weights of `readWeights` alone. */
async function readStateDict(content: Uint8Array | Ranges): Promise<Checkpoint> {
  return (await readWeights(content)).checkpoint;
}

/** A ResNet's head may be called anything: it is the only matrix outside of the stages. */
export function nameHead(network: Record<string, FileTensor>, { renamed }: NamingReport): void {
  if (!network['conv1.weight'] || network['fc.weight']) return;
  const matrices = Object.keys(network).filter(
    (name) => name.endsWith('.weight') && network[name]!.shape.length === 2 && !/^layer\d/.test(name),
  );
  const [head, ...more] = matrices.map((name) => name.slice(0, -'.weight'.length));
  if (head === undefined || more.length > 0) return;
  for (const part of ['weight', 'bias']) {
    const tensor = network[`${head}.${part}`];
    if (!tensor) continue;
    delete network[`${head}.${part}`];
    network[`fc.${part}`] = tensor;
    renamed.push([`${head}.${part}`, `fc.${part}`]);
  }
}

/**
 * Reads weights in PyTorch layout and names; see `readStateDict`.
 * @param parts `parameters` fills absent BatchNorm statistics with their initial values: weights to reset to need none.
 * @throws LetheError when the file is damaged or does not fit the model, naming what is wrong.
 */
export async function decodeCheckpoint(
  spec: ModelSpec,
  file: Uint8Array | Ranges,
  parts: 'all' | 'parameters' = 'all',
): Promise<Checkpoint> {
  return fitWeights(spec, await readStateDict(file), parts);
}

/** `fitCheckpoint`; with `parameters`, absent BatchNorm statistics have their initial values. */
export function fitWeights(
  spec: ModelSpec,
  given: Checkpoint,
  parts: 'all' | 'parameters' = 'all',
): Checkpoint {
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
export function checkCheckpoint(spec: ModelSpec, checkpoint: Shapes): void {
  const problem = fitProblem(spec, checkpoint);
  if (problem) throw new LetheError(problem);
}

/** What `checkCheckpoint` says; undefined when the checkpoint fits. */
export function fitProblem(spec: ModelSpec, checkpoint: Shapes): string | undefined {
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
    missing.length ? `it lacks ${listedNames(missing)}` : '',
    unknown.length ? `it has the unknown ${listedNames(unknown)}` : '',
    misshapen.length ? listedNames(misshapen) : '',
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
export function listedNames(items: string[]): string {
  const rest = items.length - 3;
  return items.slice(0, 3).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function expectedShapes(spec: ModelSpec): [string, number[]][] {
  return [...spec.parameters, ...spec.buffers].map(({ name, shape }) => [name, shape]);
}
