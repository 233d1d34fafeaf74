import { LetheError } from './settings';

/** Images of a data set that lie in files of their own, by their paths from its folder, in the data set's order. */
export interface ImageOrder {
  train: string[];
  test: string[];
  /** As torchvision's ImageFolder orders the images of the folder that the training images are in; some may be test images. */
  torchvision: string[];
}

/** Whose numbers of images are meant: those of our order, or of torchvision's. */
export type NumbersOf = 'lethe' | 'torchvision';

/** What the numbers in lists of training images mean. */
export interface Numbering {
  /** Training images. */
  count: number;
  /** Where every image is a file of its own: lists may name the files. */
  order?: ImageOrder;
  /** Whether numbers are those of torchvision's ImageFolder; then there is an order. */
  torchvision?: boolean;
}

/** How many numbers there are: from 0 to one less. */
export const numbersIn = ({ count, order, torchvision }: Numbering): number =>
  torchvision && order ? order.torchvision.length : count;

/** Numbers of a numbering as numbers of our training images. @throws LetheError as `fromTorchvision` */
export const asOurs = ({ order, torchvision }: Numbering, indices: readonly number[]): number[] =>
  torchvision && order ? fromTorchvision(order, indices) : [...indices];

/**
 * Numbers in torchvision's order as numbers of the training images in ours.
 * @throws LetheError when a number is none of torchvision's, or that of a test image.
 */
export function fromTorchvision(order: ImageOrder, indices: readonly number[]): number[] {
  const ours = numbersOf(order.train);
  const most = order.torchvision.length - 1;
  return indices.map((index) => {
    const path = order.torchvision[index];
    if (path === undefined)
      throw new LetheError(
        `${index} is no image: in torchvision's order they are numbered from 0 to ${most}.`,
      );
    const own = ours.get(path);
    if (own === undefined)
      throw new LetheError(
        `Image ${index} in torchvision's order is ${path}, which is a test image here: lists name training images.`,
      );
    return own;
  });
}

/**
 * Names of files as numbers of the training images. A name may leave out outer folders of the image's path (`cat/001.png`, `001.png`),
 * or have more of them (`/data/pets/train/cat/001.png`).
 * @throws LetheError when a name is that of no training image, or of several.
 */
export function fromFileNames(order: ImageOrder, names: readonly string[]): number[] {
  // A folder that was dropped or packed as a whole is called otherwise elsewhere.
  const around = foldersAround([...order.train, ...order.test]);
  const whole = numbersOf(order.train.map((path) => path.slice(around)));
  const bySuffix = new Map<string, number[]>();
  for (const [number, path] of order.train.entries())
    for (const suffix of suffixesOf(path)) {
      const known = bySuffix.get(suffix);
      if (known) known.push(number);
      else bySuffix.set(suffix, [number]);
    }
  return names.map((name) => {
    const path = name
      .trim()
      .replaceAll('\\', '/')
      .replace(/^(\.\/)+/, '');
    const longer = suffixesOf(path).find((suffix) => whole.has(suffix));
    const found = bySuffix.get(path) ?? (longer === undefined ? [] : [whole.get(longer)!]);
    if (found.length === 0)
      throw new LetheError(
        order.test.some((test) => suffixesOf(test).includes(path))
          ? `"${name}" is a test image here: lists name training images.`
          : `"${name}" is no training image of the data set: those are named like "${order.train[0]}".`,
      );
    if (found.length > 1)
      throw new LetheError(
        `"${name}" may be "${order.train[found[0]!]}" or "${order.train[found[1]!]}": put its folder before it.`,
      );
    return found[0]!;
  });
}

const numbersOf = (paths: string[]): Map<string, number> =>
  new Map(paths.map((path, number) => [path, number]));

/** How many letters the folders have that all paths begin with. */
function foldersAround([first = '', ...others]: readonly string[]): number {
  const prefixes = [...first.matchAll(/\//g)].map(({ index }) => first.slice(0, index + 1));
  const shared = prefixes.filter((prefix) => others.every((path) => path.startsWith(prefix)));
  return shared.at(-1)?.length ?? 0;
}

/** A path without its outermost folders, from all of it to the file's own name. */
function suffixesOf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, from) => parts.slice(from).join('/'));
}
