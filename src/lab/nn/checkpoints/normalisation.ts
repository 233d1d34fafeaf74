import type { Normalisation } from '../../gpu/augment';
import { LetheError } from '../../settings';
import { sizeOf } from '../../tensors';
import type { FileTensor } from './format';

/** What modules that normalise images call their two buffers. */
const NAMES: readonly (readonly [mean: string, std: string])[] = [
  ['mean', 'std'],
  ['means', 'stds'],
  ['means', 'sds'],
  ['_mean', '_std'],
  ['new_mean', 'new_std'],
  ['mu', 'sigma'],
  ['mean_tensor', 'std_tensor'],
  ['pixel_mean', 'pixel_std'],
];
/** Colour channels of an image. */
const MOST_CHANNELS = 4;

/** The two buffers of a module, one number per channel, as a file has them. */
export interface NormalisationBuffers {
  mean: FileTensor;
  std: FileTensor;
}

/** Separates a checkpoint's own normalisation of images, where it has one, from its other tensors. */
export function takeNormalisation(tensors: ReadonlyMap<string, FileTensor>): {
  rest: Map<string, FileTensor>;
  pair?: NormalisationBuffers;
} {
  const rest = new Map(tensors);
  let pair: NormalisationBuffers | undefined;
  for (const name of tensors.keys()) {
    const [, place = '', last = ''] = /^(.*\.)?([^.]+)$/.exec(name) ?? [];
    const partner = NAMES.find(([mean, std]) => mean === last && tensors.has(`${place}${std}`));
    if (!partner) continue;
    const [mean, std] = [tensors.get(name)!, tensors.get(`${place}${partner[1]}`)!];
    if (!isPerChannel(mean) || !isPerChannel(std)) continue;
    rest.delete(name);
    rest.delete(`${place}${partner[1]}`);
    pair ??= { mean, std };
  }
  return { rest, pair };
}

const isPerChannel = ({ shape }: FileTensor): boolean => sizeOf(shape) >= 1 && sizeOf(shape) <= MOST_CHANNELS;

/** The numbers for pixels from 0 to 1. @throws LetheError where they are none */
export async function readNormalisation({ mean, std }: NormalisationBuffers): Promise<Normalisation> {
  const [means, stds] = [Array.from(await mean.read()), Array.from(await std.read())];
  const channels = Math.max(means.length, stds.length);
  const each = (values: number[]) =>
    values.length === 1 ? new Array<number>(channels).fill(values[0]!) : values;
  // Some networks see pixels from 0 to 255, in Caffe's tradition with a std of 1.
  const scale = Math.max(...stds, ...means) > 1.5 ? 255 : 1;
  const scaled = (values: number[]) =>
    each(values).map((value) => (scale === 1 ? shortest(value) : value / scale));
  const found = { mean: scaled(means), std: scaled(stds) };
  const problem = normalisationProblem(found);
  if (problem) throw new LetheError(`The checkpoint’s own normalisation is not usable: ${problem}.`);
  return found;
}

/** 0.4914 and not 0.49140000343322754: the shortest decimal number of the same float32. */
function shortest(value: number): number {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8].find(
    (count) => Math.fround(Number(value.toPrecision(count))) === value,
  );
  return digits === undefined ? value : Number(value.toPrecision(digits));
}

/** Of pixels from 0 to 1, with room for rounding. */
const MOST = 1.001;

/** Why images cannot be normalised like this; undefined where they can. @param channels of the images, where known */
export function normalisationProblem({ mean, std }: Normalisation, channels?: number): string | undefined {
  if (mean.length !== std.length) return `mean has ${mean.length} numbers and std ${std.length}`;
  if (channels !== undefined && mean.length !== channels)
    return `the images have ${channels} colour channels, but mean and std ${mean.length}`;
  if (!mean.every(Number.isFinite) || !std.every(Number.isFinite)) return 'a number is not finite';
  if (!std.every((value) => value > 0)) return 'every std must be above 0';
  const isScaled = std.every((value) => value <= MOST) && mean.every((value) => value >= 0 && value <= MOST);
  if (!isScaled)
    return 'pixels go from 0 to 1 here, so every mean lies between 0 and 1, and no std is above 1: divide numbers for pixels from 0 to 255 by 255';
  return undefined;
}

/** As our own files keep it. */
export function normalisationMetadata({ mean, std }: Normalisation): Record<string, string> {
  return { mean: mean.join(), std: std.join() };
}

/** What `normalisationMetadata` wrote; undefined where there is nothing of the kind. */
export function parseNormalisation({
  mean,
  std,
}: Readonly<Record<string, string>>): Normalisation | undefined {
  const numbers = (text = '') =>
    text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const found = { mean: numbers(mean), std: numbers(std) };
  return normalisationProblem(found) === undefined ? found : undefined;
}

/** `mean 0.49, 0.48, 0.45 and std 0.2, 0.2, 0.2` */
export function normalisationText({ mean, std }: Normalisation): string {
  const numbers = (values: readonly number[]) =>
    values.map((value) => Number(value.toPrecision(4))).join(', ');
  return `mean ${numbers(mean)} and std ${numbers(std)}`;
}
