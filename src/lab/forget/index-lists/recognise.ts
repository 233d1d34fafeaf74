import { listText } from '../../format';
import { asOurs, fromFileNames, type Numbering, numbersIn } from '../../image-order';
import { refusedCheckpoints } from '../../nn/checkpoints/refused';
import { type Ranges, rangesOf, readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import { indexListFormats } from './index';
import { INDICES, isFileName, LIST_NAMES, type ListName, type RawList } from './index-list';

const START_BYTES = 512;
/** A list of ten million images in any format. */
const MOST_BYTES = 128 * 2 ** 20;

export interface IndexList {
  /** Distinct, in the order of the file; of a mask ascending. */
  indices: Int32Array;
  /** What was decided in reading it, a sentence. */
  said?: string;
}

/**
 * Reads a list of training images from a file of any format: image numbers from 0, a mask of zeros and ones (or false and true) as long as
 * the training set, or names of files where the images are files.
 * @param numbering what numbers mean: the images of the training set, or those that torchvision finds
 * @throws LetheError with one sentence that names the entry that is wrong
 */
export async function readIndexList(
  content: Uint8Array | Ranges,
  fileName: string,
  { which, ...numbering }: Numbering & { which: ListName },
): Promise<IndexList> {
  const lists = await listsInFile(content, fileName);
  const { name, entries } = chooseList(lists, which);
  const values = await entries();
  const count = numbersIn(numbering);
  const names = asFileNames(values);
  const mask = names ? undefined : asMask(values, count);
  const list = names
    ? distinct(fromFileNames(orderOf(numbering), names), names)
    : mask
      ? asOurs(numbering, mask).sort((a, b) => a - b)
      : asOurs(numbering, asNumbers(values, count));
  const beyond = list.find((number) => number >= numbering.count);
  if (beyond !== undefined)
    throw new LetheError(
      `it names image ${beyond}${numbering.order ? ` (${numbering.order.train[beyond]})` : ''}, but only the first ${numbering.count} training images are used.`,
    );
  const several = lists.length > 1 && name !== '' ? `the list "${printable(name)}" is taken` : '';
  const masked = mask
    ? `read as a mask: ${mask.length.toLocaleString('en-US')} of ${count.toLocaleString('en-US')} images`
    : '';
  const numbered = numbering.torchvision && !names ? 'numbers are those of torchvision’s ImageFolder' : '';
  const named = names ? 'read as names of files' : '';
  const said = [several, masked, numbered, named].filter(Boolean).join('; ');
  return { indices: Int32Array.from(list), ...(said && { said: `${said}.` }) };
}

/** Whether a list gives names of files, not numbers. @throws LetheError as `readIndexList` */
export async function listsFileNames(
  content: Uint8Array | Ranges,
  fileName: string,
  which: ListName,
): Promise<boolean> {
  const { entries } = chooseList(await listsInFile(content, fileName), which);
  return asFileNames(await entries()) !== undefined;
}

async function listsInFile(content: Uint8Array | Ranges, fileName: string): Promise<RawList[]> {
  const file = rangesOf(content);
  if (file.byteLength === 0) throw new LetheError('the file is empty.');
  if (file.byteLength > MOST_BYTES) throw new LetheError('the file is too large for a list of images.');
  const start = await readRange(file, 0, START_BYTES);
  const refused = refusedCheckpoints.find(({ id, recognises }) => id !== 'numpy' && recognises(start));
  if (refused && /html|lfs|gzip|hdf5/.test(refused.id))
    throw new LetheError(refused.advice.replace('a file of weights', 'a list of images'));
  const format = indexListFormats.entries.find(({ recognises }) => recognises(start));
  if (!format)
    throw new LetheError(
      `it is no list of images that Lethe reads: those are ${listsListed()}; "${printable(fileName.split(/[\\/]/).at(-1)!)}" is none of them by its content.`,
    );
  return format.read(file);
}

function chooseList(lists: RawList[], which: ListName): RawList {
  if (lists.length === 0) throw new LetheError('it holds no list of image numbers.');
  if (lists.length === 1) {
    const [{ name }] = lists as [RawList];
    const other = which === 'forget' ? 'retain' : 'forget';
    // A network may well be trained on the retained images alone.
    if (which !== 'subset' && LIST_NAMES[other].test(name) && !LIST_NAMES[which].test(name))
      throw new LetheError(`its list is called "${printable(name)}", but a ${which} list is asked for.`);
    return lists[0]!;
  }
  const [named, ...more] = lists.filter(({ name }) => LIST_NAMES[which].test(name));
  if (named && more.length === 0) return named;
  const others = Object.values(LIST_NAMES);
  const plain = lists.filter(({ name }) => name !== '' && INDICES.test(name.split('.').at(-1)!));
  const free = plain.filter(({ name }) => !others.some((other) => other.test(name)));
  if (!named && free.length === 1) return free[0]!;
  const names = lists.slice(0, 5).map(({ name }) => `"${printable(name)}"`);
  throw new LetheError(
    `it holds ${lists.length} lists (${names.join(', ')}${lists.length > 5 ? ', …' : ''}), and which of them is the ${which} list is not clear: call it "${which}", or give it alone.`,
  );
}

/** Names of files; undefined where there is a number or a truth value among the values. */
function asFileNames(values: ArrayLike<unknown>): string[] | undefined {
  const list = Array.from(values);
  const areNames = list.every((value) => typeof value === 'string' && isFileName(value));
  return list.length > 0 && areNames ? (list as string[]) : undefined;
}

function orderOf({ order }: Numbering) {
  if (!order)
    throw new LetheError(
      'it names files, but the images of this data set are no files of their own: give their numbers instead.',
    );
  return order;
}

function distinct(numbers: number[], names: string[]): number[] {
  const seen = new Set<number>();
  for (const [at, number] of numbers.entries()) {
    if (seen.has(number)) throw new LetheError(`it names an image twice: ${JSON.stringify(names[at])}.`);
    seen.add(number);
  }
  return numbers;
}

/** The images that a mask marks; undefined where the values are no mask. @throws LetheError for one of another length */
function asMask(values: ArrayLike<unknown>, count: number): number[] | undefined {
  const entries = Array.from(values);
  const isBoolean = entries.length > 0 && entries.every((value) => typeof value === 'boolean');
  if (isBoolean && entries.length !== count) throw new LetheError(maskProblem(entries, count));
  const isBits = entries.length === count && entries.every((value) => value === 0 || value === 1);
  // Of two images the list 0, 1 names both.
  const isList = new Set(entries).size === entries.length;
  if (!isBoolean && (!isBits || isList)) return undefined;
  return entries.flatMap((value, i) => (value ? [i] : []));
}

function asNumbers(values: ArrayLike<unknown>, count: number): number[] {
  const list = Array.from(values);
  const wrong = list.findIndex(
    (value) => !Number.isInteger(value) || (value as number) < 0 || (value as number) >= count,
  );
  if (wrong >= 0) throw new LetheError(entryProblem(list, wrong, count));
  const seen = new Set<unknown>();
  for (const value of list) {
    if (seen.has(value))
      throw new LetheError(
        isMaskLike(list) ? maskProblem(list, count) : `it names an image twice: ${value}.`,
      );
    seen.add(value);
  }
  return list as number[];
}

function entryProblem(list: unknown[], at: number, count: number): string {
  const value = list[at];
  const range = `image numbers go from 0 to ${count - 1}`;
  const shown = printable(
    typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)),
    40,
  );
  if (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value))
    return `entry ${at + 1} is the text ${shown} and no number: leave the quotes out.`;
  if (value === count && list.every((item) => Number.isInteger(item) && (item as number) >= 1))
    return `it names image ${count}, but ${range}: counting starts at 0, and this list seems to start at 1.`;
  if (isMaskLike(list)) return maskProblem(list, count);
  return `entry ${at + 1} is ${shown}, but ${range}.`;
}

const isMaskLike = (list: unknown[]) => list.length > 2 && list.every((item) => item === 0 || item === 1);
const maskProblem = (list: unknown[], count: number) =>
  `it is a mask of ${list.length} entries, but there are ${count} training images.`;

/** Whether a file may be a list of images, by its name. */
export function isIndexListName(name: string): boolean {
  return indexListFormats.entries.some(({ extensions }) =>
    extensions.some((ending) => name.toLowerCase().endsWith(ending)),
  );
}

/** Every readable format, listed for a sentence. */
export function listsListed(): string {
  return listText(
    indexListFormats.entries.flatMap(({ listed }) => listed.split(' or ')),
    'or',
  );
}
