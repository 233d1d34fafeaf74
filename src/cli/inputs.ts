import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../lab/data/dataset';
import { datasetSources } from '../lab/data/sources';
import type { ReadAsset } from '../lab/data/sources/source';
import type { ListName } from '../lab/forget/index-lists/index-list';
import { readIndexList } from '../lab/forget/index-lists/recognise';
import { doneText } from '../lab/format';
import type { Normalisation } from '../lab/gpu/augment';
import { asOurs, type Numbering, numbersIn } from '../lab/image-order';
import { fitCheckpoint, fitWeights, type ReadWeights, readWeights } from '../lab/nn/checkpoint';
import { normalisationProblem, normalisationText } from '../lab/nn/checkpoints/normalisation';
import { weightsText } from '../lab/nn/checkpoints/weights-text';
import { parseModelConfig } from '../lab/nn/config';
import { withKernelOf, withStemOf } from '../lab/nn/infer';
import { readMaskFile } from '../lab/nn/masks';
import { models, specOf, specOfConfig } from '../lab/nn/models';
import type { ModelSpec } from '../lab/nn/spec';
import { complement } from '../lab/plan/samples';
import type { Ranges } from '../lab/ranges';
import { LetheError, parseSettings, type Setting, type Settings } from '../lab/settings';
import type { FileWatch } from '../lab/stages/common/file-pass';
import { unreadableFile } from '../lab/store/refused';
import { DEEPEST, parseBoundedJson } from '../lab/study/bounded-json';
import { parseAssignment } from '../lab/study/set';
import type { Checkpoint, Mask } from '../lab/tensors';
import { checkTextSize, decodeText } from '../lab/text';
import { type BatchOrder, parseOrder } from '../lab/train/order';
import type { Arguments, CommandContext } from './command';
import { openDataHost } from './data-host';
import { openRanges } from './file-ranges';
import { isPath, openPath } from './local-data';
import { statusLine, watchLoading } from './progress';
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
  const size = await stat(path).catch(() => undefined);
  if (size) checkTextSize(path, size.size);
  const text = decodeText(await readBytes(path, true));
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

/** `--data` and `--label-column`: the id of a data set, or a path to one of one's own, relative to the current folder. */
export async function loadData(args: Arguments, context: CommandContext): Promise<Dataset> {
  const [source, labelColumn] = [args.need('data'), args.text('label-column')];
  const host = openDataHost();
  const watch = watchLoading(source, context);
  if (isPath(source, '.')) return openPath(source, host, watch, labelColumn);
  const known = datasetSources.get(source);
  if (labelColumn !== undefined)
    throw new LetheError(`--label-column is for images of your own; ${source} has one column of classes.`);
  return known.load(known.available, assetReader(context.root), { host, ...watch });
}

/**
 * What the numbers in lists mean: those of Lethe's order, or with `--order-of torchvision` those of ImageFolder.
 * @throws LetheError when the images do not lie in folders, so that torchvision has no order of them
 */
export function numberingOf({ id, train, order }: Dataset, args: Arguments): Numbering {
  const given = args.text('order-of') ?? 'lethe';
  if (given !== 'lethe' && given !== 'torchvision')
    throw new LetheError(`--order-of must be lethe or torchvision, not "${given}".`);
  const torchvision = given === 'torchvision';
  if (torchvision && !order)
    throw new LetheError(
      `--order-of torchvision is for folders of images, which ImageFolder reads; the images of ${id} have one order only.`,
    );
  return { count: train.count, order, torchvision };
}

/** A network, with weights if a file of them was named. */
export interface Network {
  spec: ModelSpec;
  weights?: Checkpoint;
  /** What the file of the weights says that images are to be normalised with. */
  normalise?: Normalisation;
}

/** What `loadNetwork` and `loadWeights` tell of what they read, where there is somebody to be told. */
export interface Listener {
  stderr(text: string): void;
  /** Every name, not the first few. */
  verbose?: boolean;
  /** As of `CommandContext`. */
  interactive?: boolean;
  signal?: AbortSignal;
}

/**
 * `--model`: an id, or a JSON file with a network's generic configuration; and `--weights` for it. A part of a data set may lack the last
 * classes, so a network named by its id has as many outputs as its weights, and the first kernel of their size. A ResNet from a file without
 * a stem has the stem of its weights.
 */
export async function loadNetwork(
  model: string,
  data: Dataset,
  weightsPath: string,
  listener?: Listener,
): Promise<Network & { weights: Checkpoint }>;
export async function loadNetwork(
  model: string,
  data: Dataset,
  weightsPath?: string,
  listener?: Listener,
): Promise<Network>;
export async function loadNetwork(
  model: string,
  data: Dataset,
  weightsPath?: string,
  listener?: Listener,
): Promise<Network> {
  const read = weightsPath === undefined ? undefined : await readFileWeights(weightsPath, listener);
  const given = read?.checkpoint;
  const isFile = !models.find(model) && (/\.json$|[\\/]/.test(model) || existsSync(model));
  if (isFile) {
    const content = await readJson(model);
    const config = await withFileName(model, () => parseModelConfig(content));
    return fitted(specOf({ config: given ? withStemOf(given, config) : config }, data));
  }
  const { id } = models.get(model);
  const named = specOf({ id }, data);
  const outputs = given?.[named.head.at(-1)!]?.data.length ?? 0;
  const classes = Array.from({ length: Math.max(outputs, data.classes.length) }, (_, label) => `${label}`);
  const spec = outputs > data.classes.length ? specOf({ id }, { ...data, classes }) : named;
  if (outputs > data.classes.length)
    listener?.stderr(
      `${weightsPath}: it has ${outputs} outputs, and the data ${data.classes.length} classes: those are its first ${data.classes.length}.\n`,
    );
  const kernel = given && withKernelOf(given, spec.config);
  if (!kernel) return fitted(spec);
  listener?.stderr(
    `${weightsPath}: its first kernel is ${kernel.stem === 'imagenet' ? '7×7' : '3×3'}, and so is the network’s.\n`,
  );
  return fitted({
    ...specOfConfig(kernel),
    label: `${spec.label} with ${kernel.stem === 'imagenet' ? 'ImageNet’s' : 'CIFAR’s'} stem`,
  });

  async function fitted(spec: ModelSpec): Promise<Network> {
    const weights = given && (await withFileName(weightsPath!, () => fitCheckpoint(spec, given)));
    return { spec, weights, normalise: read?.report.normalise };
  }
}

/** Reading so many bytes takes seconds, and is shown. */
const LARGE_FILE = 100_000_000;

/** How reading a file is watched: a large one on a line of progress. */
export function watchFile(path: string, { byteLength }: Ranges, listener?: Listener): FileWatch {
  const { stderr, signal, interactive = false } = listener ?? {};
  const line = stderr && byteLength > LARGE_FILE ? statusLine({ stderr, interactive }) : undefined;
  return {
    signal,
    onProgress: line && ((progress) => line(() => `${path}: ${doneText(progress)}`)),
    create: () => createHash('sha256'),
  };
}

/** Reads a file of weights and says what was done to it. */
async function readFileWeights(path: string, listener?: Listener): Promise<ReadWeights> {
  const ranges = await openRanges(path, true);
  const read = await withFileName(path, () => readWeights(ranges, watchFile(path, ranges, listener)));
  const said = listener && weightsText(path, read.report, listener.verbose);
  if (said) listener.stderr(`${said}\n`);
  return read;
}

/** Weights that must fit a given network. With `parameters`, BatchNorm's statistics may be absent. */
export async function loadWeights(
  path: string,
  spec: ModelSpec,
  parts?: 'all' | 'parameters',
  listener?: Listener,
): Promise<{ weights: Checkpoint; normalise?: Normalisation }> {
  const { checkpoint, report } = await readFileWeights(path, listener);
  const weights = await withFileName(path, () => fitWeights(spec, checkpoint, parts));
  return { weights, normalise: report.normalise };
}

/** A mask file of any checkpoint format. @throws LetheError when it does not fit the network. */
export async function loadMask(path: string, spec: ModelSpec): Promise<Mask> {
  const ranges = await openRanges(path, true);
  return withFileName(path, () => readMaskFile(spec, ranges));
}

/**
 * The data as the network was trained on them: normalised with `--mean` and `--std`, or with what the file of its weights says.
 * @param own what the file says
 * @throws LetheError when the numbers do not fit the images
 */
export function normalisedData(
  data: Dataset,
  args: Arguments,
  own?: Normalisation,
  listener?: Listener,
): Dataset {
  const [mean, std] = [args.text('mean'), args.text('std')];
  if ((mean === undefined) !== (std === undefined)) throw new LetheError('--mean and --std belong together.');
  const given =
    mean !== undefined && std !== undefined
      ? { mean: numbers('mean', mean), std: numbers('std', std) }
      : undefined;
  const normalise = given ?? own;
  if (!normalise) return data;
  const problem = normalisationProblem(normalise, data.shape[2]);
  if (problem) throw new LetheError(`Images cannot be normalised like this: ${problem}.`);
  if (given && own && normalisationText(given) !== normalisationText(own))
    listener?.stderr(
      `--mean and --std stand in for what the weights’ file says (${normalisationText(own)}).\n`,
    );
  return { ...data, normalise };
}

/** `0.49,0.48,0.45` */
function numbers(option: string, text: string): number[] {
  const values = text
    .replace(/^[[(]|[\])]$/g, '')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(Number);
  if (values.length === 0 || !values.every(Number.isFinite))
    throw new LetheError(
      `--${option} must be a number for each colour channel, as in 0.49,0.48,0.45, not "${text}".`,
    );
  return values;
}

/** Distinct indices below `count`, in the order of the file, which scoring batches and attacks follow. */
async function loadIndices(
  path: string,
  numbering: Numbering,
  which: ListName,
  listener?: Listener,
): Promise<Int32Array> {
  const ranges = await openRanges(path, true);
  const { indices, said } = await withFileName(path, () =>
    readIndexList(ranges, path, { ...numbering, which }),
  );
  if (said) listener?.stderr(`${path}: ${said}\n`);
  return indices;
}

/** A list of at least one image. */
export async function loadNonEmptyList(
  path: string,
  numbering: Numbering,
  listener?: Listener,
  which: ListName = 'forget',
): Promise<Int32Array> {
  const indices = await loadIndices(path, numbering, which, listener);
  if (indices.length === 0) throw new LetheError(`${path} is an empty list: name at least one image.`);
  return indices;
}

/** The forget set and the retain set. Without a file the retain set is the rest of the training images, which may be empty. */
export async function loadSets(
  forgetPath: string,
  retainPath: string | undefined,
  numbering: Numbering,
  listener?: Listener,
): Promise<{ forget: Int32Array; retain: Int32Array }> {
  const forget = await loadNonEmptyList(forgetPath, numbering, listener);
  if (!retainPath) return { forget, retain: complement(forget, numbering.count) };
  const retain = await loadIndices(retainPath, numbering, 'retain', listener);
  const both = new Set(forget);
  const shared = retain.find((index) => both.has(index));
  if (shared !== undefined)
    throw new LetheError(`Image ${shared} is both in ${forgetPath} and in ${retainPath}.`);
  return { forget, retain };
}

/** @throws LetheError when a file's images are to be normalised in another way than those of the rest. */
export function checkSameNormalisation(
  path: string,
  own: Normalisation,
  used: Normalisation | undefined,
  remedy = 'give both with --mean and --std if that is not so',
): void {
  if (used && normalisationText(used) === normalisationText(own)) return;
  throw new LetheError(
    `${path} was trained on images with ${normalisationText(own)}, the other weights on images ${used ? `with ${normalisationText(used)}` : 'as they are'}: ${remedy}.`,
  );
}

export async function loadOrder(
  path: string | undefined,
  numbering: Numbering,
): Promise<BatchOrder | undefined> {
  if (path === undefined) return undefined;
  const value = await readJson(path);
  return withFileName(path, () => parseOrder(renumbered(value, numbering), numbering.count));
}

/** All numbers in a value's lists as numbers of our images; what is no whole number is left to who checks the value. */
function renumbered(value: unknown, numbering: Numbering): unknown {
  if (Array.isArray(value)) return value.map((item) => renumbered(item, numbering));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, renumbered(inner, numbering)]),
    );
  return Number.isInteger(value) ? asOurs(numbering, [value as number])[0] : value;
}

/** `{"index": label, …}`. */
export async function loadRelabels(
  path: string,
  numbering: Numbering,
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
      if (!fits(index, numbersIn(numbering)) || !fits(label, classes)) throw wrong;
      return [asOurs(numbering, [index])[0]!, label as number];
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
