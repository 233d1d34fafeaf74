import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../lab/data/dataset';
import { datasetSources } from '../lab/data/sources';
import type { ReadAsset } from '../lab/data/sources/source';
import { decodeCheckpoint, fitCheckpoint, readStateDict, sameShape } from '../lab/nn/checkpoint';
import { readTensors } from '../lab/nn/checkpoints/recognise';
import { parseModelConfig } from '../lab/nn/config';
import { withStemOf } from '../lab/nn/infer';
import { models, specOf } from '../lab/nn/models';
import type { ModelSpec } from '../lab/nn/spec';
import { complement } from '../lab/plan/samples';
import { LetheError, parseSettings, type Setting, type Settings } from '../lab/settings';
import { unreadableFile } from '../lab/store/refused';
import { DEEPEST, parseBoundedJson } from '../lab/study/bounded-json';
import { parseAssignment } from '../lab/study/set';
import type { Checkpoint, Mask } from '../lab/tensors';
import { type BatchOrder, parseOrder } from '../lab/train/order';
import type { CommandContext } from './command';
import { openDataHost } from './data-host';
import { isPath, openPath } from './local-data';
import { watchLoading } from './progress';
import { checkRegular } from './regular-file';

/**
 * @param pipes as for `checkRegular`
 * @throws LetheError when the file cannot be read, or is none.
 */
export async function readBytes(path: string, pipes = false): Promise<Uint8Array> {
  try {
    checkRegular(path, await stat(path), pipes);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw error instanceof LetheError ? error : unreadableFile(path, error);
  }
}

/** @throws LetheError when the file is absent or no JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path, true));
  try {
    return parseBoundedJson(text, { depth: DEEPEST });
  } catch (error) {
    if (error instanceof RangeError) throw new LetheError(`${path} cannot be used: ${error.message}.`);
    // The parser's message quotes the file, which may take several lines: one line is printed.
    const where = text.trim() === '' ? 'it is empty' : (error as Error).message.replace(/\s+/g, ' ');
    throw new LetheError(`${path} is not JSON: ${where}.`);
  }
}

/** Reads files that come with Lethe, such as the embedded data. */
export function assetReader(root: string): ReadAsset {
  return (path) => readBytes(join(root, 'public', path));
}

/** `--data`: the id of a data set, or a path to one of one's own, relative to the current folder. */
export async function loadData(source: string, context: CommandContext): Promise<Dataset> {
  const host = openDataHost();
  const watch = watchLoading(source, context);
  if (isPath(source, '.')) return openPath(source, host, watch);
  const known = datasetSources.get(source);
  return known.load(known.available, assetReader(context.root), { host, ...watch });
}

/** A network, with weights if a file of them was named. */
export interface Network {
  spec: ModelSpec;
  weights?: Checkpoint;
}

/**
 * `--model`: an id, or a JSON file with a network's generic configuration; and `--weights` for it. A part of a data set may lack the last
 * classes, so a network named by its id has as many outputs as its weights. A ResNet from a file without a stem has the stem of
 * its weights.
 */
export async function loadNetwork(
  model: string,
  data: Dataset,
  weightsPath: string,
): Promise<Required<Network>>;
export async function loadNetwork(model: string, data: Dataset, weightsPath?: string): Promise<Network>;
export async function loadNetwork(model: string, data: Dataset, weightsPath?: string): Promise<Network> {
  const bytes = weightsPath === undefined ? undefined : await readBytes(weightsPath);
  const given = bytes && (await withFileName(weightsPath!, () => readStateDict(bytes)));
  const isFile = !models.find(model) && (/\.json$|[\\/]/.test(model) || existsSync(model));
  if (isFile) {
    const read = await readJson(model);
    const config = await withFileName(model, () => parseModelConfig(read));
    return fitted(specOf({ config: given ? withStemOf(given, config) : config }, data));
  }
  const { id } = models.get(model);
  const named = specOf({ id }, data);
  const outputs = given?.[named.head.at(-1)!]?.data.length ?? 0;
  const classes = Array.from({ length: Math.max(outputs, data.classes.length) }, (_, label) => `${label}`);
  return fitted(outputs > data.classes.length ? specOf({ id }, { ...data, classes }) : named);

  async function fitted(spec: ModelSpec): Promise<Network> {
    return { spec, weights: given && (await withFileName(weightsPath!, () => fitCheckpoint(spec, given))) };
  }
}

/** Weights that must fit a given network. With `parameters`, BatchNorm's statistics may be absent. */
export async function loadWeights(
  path: string,
  spec: ModelSpec,
  parts?: 'all' | 'parameters',
): Promise<Checkpoint> {
  const bytes = await readBytes(path);
  return withFileName(path, () => decodeCheckpoint(spec, bytes, parts));
}

/** A mask file: one U8 tensor per parameter. @throws LetheError when it does not fit the network. */
export async function loadMask(path: string, spec: ModelSpec): Promise<Mask> {
  const bytes = await readBytes(path);
  const tensors = await withFileName(path, () => readTensors(bytes));
  const mask: Mask = {};
  for (const { name, shape } of spec.parameters) {
    const { data, shape: given } = tensors[name] ?? {};
    if (!(data instanceof Uint8Array) || !sameShape(given!, shape) || data.some((bit) => bit > 1))
      throw new LetheError(
        `${path} is no mask for ${spec.label}: "${name}" must be U8 [${shape}] of zeros and ones.`,
      );
    mask[name] = data;
  }
  return mask;
}

/** `[3, 17, …]`: distinct indices below `count`, in the order of the file, which scoring batches and attacks follow. */
async function loadIndices(path: string, count: number): Promise<Int32Array> {
  const value = await readJson(path);
  const valid = (index: unknown) =>
    Number.isInteger(index) && (index as number) >= 0 && (index as number) < count;
  if (!Array.isArray(value) || !value.every(valid))
    throw new LetheError(`${path} must be a list of image numbers from 0 to ${count - 1}.`);
  const distinct = new Set(value as number[]);
  if (distinct.size !== value.length) throw new LetheError(`${path} names an image twice.`);
  return Int32Array.from(distinct);
}

/** A list of at least one image. */
export async function loadNonEmptyList(path: string, count: number): Promise<Int32Array> {
  const indices = await loadIndices(path, count);
  if (indices.length === 0) throw new LetheError(`${path} is an empty list: name at least one image.`);
  return indices;
}

/** The forget set and the retain set. Without a file the retain set is the rest of the training images, which may be empty. */
export async function loadSets(
  forgetPath: string,
  retainPath: string | undefined,
  count: number,
): Promise<{ forget: Int32Array; retain: Int32Array }> {
  const forget = await loadNonEmptyList(forgetPath, count);
  if (!retainPath) return { forget, retain: complement(forget, count) };
  const retain = await loadIndices(retainPath, count);
  const both = new Set(forget);
  const shared = retain.find((index) => both.has(index));
  if (shared !== undefined)
    throw new LetheError(`Image ${shared} is both in ${forgetPath} and in ${retainPath}.`);
  return { forget, retain };
}

export async function loadOrder(path: string | undefined, count: number): Promise<BatchOrder | undefined> {
  if (path === undefined) return undefined;
  const value = await readJson(path);
  return withFileName(path, () => parseOrder(value, count));
}

/** `{"index": label, …}`. */
export async function loadRelabels(
  path: string,
  count: number,
  classes: number,
): Promise<Map<number, number>> {
  const value = await readJson(path);
  const wrong = new LetheError(
    `${path} must map image numbers to labels from 0 to ${classes - 1}, as in {"3": ${Math.min(7, classes - 1)}}.`,
  );
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong;
  return new Map(
    Object.entries(value).map(([text, label]) => {
      // Number('') is 0, so empty text is refused first.
      const index = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      const fits = (item: unknown, below: number) =>
        Number.isInteger(item) && (item as number) >= 0 && (item as number) < below;
      if (!fits(index, count) || !fits(label, classes)) throw wrong;
      return [index, label as number];
    }),
  );
}

/**
 * The settings together with an order. Unless they were set, the number of epochs and of the examples of an influence step (N + 2)
 * are those of the order.
 */
export function settingsForOrder(
  settings: Settings,
  assignments: string[],
  order: BatchOrder | undefined,
): Settings {
  if (!order) return settings;
  const said = { epochs: order.epochs, samples: order.stream.length - 2 };
  const given = new Set(assignments.map((assignment) => parseAssignment(assignment).name));
  const taken = Object.entries(said).filter(
    ([name, value]) => name in settings && !given.has(name) && value > 0,
  );
  return { ...settings, ...Object.fromEntries(taken) };
}

/** `--set name=value` against a schema. @throws LetheError for the first that does not fit. */
export function readSettings(schema: Setting[], assignments: string[]): Settings {
  const given = Object.fromEntries(
    assignments.map(parseAssignment).map(({ name, value }) => [name, value] as const),
  );
  const { settings, problems } = parseSettings(schema, given);
  if (problems[0]) throw new LetheError(problems[0]);
  return settings;
}

/** A whole number of at least 0, or a share from 0 to 1. */
export function readNumber(name: string, text: string, kind: 'whole' | 'share'): number {
  const value = Number(text);
  if (kind === 'whole' && !(Number.isSafeInteger(value) && value >= 0 && text.trim() !== ''))
    throw new LetheError(`--${name} must be a whole number, not "${text}".`);
  if (kind === 'share' && !(value >= 0 && value <= 1 && text.trim() !== ''))
    throw new LetheError(`--${name} must lie between 0 and 1, not "${text}".`);
  return value;
}

/** Puts the file's name before an error about its content. */
export async function withFileName<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof LetheError ? new LetheError(`${path}: ${error.message}`) : error;
  }
}
