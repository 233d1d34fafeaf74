import { parseNpy } from '../../nn/readers/npy';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import { bytesOf, type DataFile } from '../data-file';
import type { ImageStream } from '../image-stream';
import { arraysStream, interleaved, type LabelledArrays } from '../labelled-arrays';
import type { LeftOut } from '../read-report';

type Role = 'images' | 'labels';
type Part = 'train' | 'test' | 'val' | 'all';

interface Named {
  file: DataFile;
  /** The array's name: its file's, without `.npy`. */
  name: string;
  role?: Role;
  part: Part;
}

const ROLES: readonly (readonly [RegExp, Role])[] = [
  [/label|target|class|(^|_)y($|_)/i, 'labels'],
  [/image|img|data|(^|_)x($|_)/i, 'images'],
];
const PARTS: readonly (readonly [RegExp, Part])[] = [
  [/val|dev/i, 'val'],
  [/test/i, 'test'],
  [/train/i, 'train'],
];

/**
 * NumPy's arrays by their names: MedMNIST's (`train_images`, `train_labels`, `val_…`, `test_…`), Keras' (`x_train`, `y_train`,
 * `x_test`, `y_test`), or `images` and `labels`. A `val` is left out where there is a `test`, else it is the test split.
 * @throws LetheError when no two belong together, or they hold no images or no labels
 */
export async function numpyStream(files: DataFile[], name: string): Promise<ImageStream> {
  const arrays = files.map(describe);
  const pairs = new Map<Part, Record<Role, Named | undefined>>();
  for (const part of ['all', 'train', 'test', 'val'] as const) {
    const own = arrays.filter((array) => array.part === part);
    const pair = {
      images: own.find(({ role }) => role === 'images'),
      labels: own.find(({ role }) => role === 'labels'),
    };
    if (pair.images && pair.labels) pairs.set(part, pair);
  }
  const train = pairs.get('train') ?? pairs.get('all') ?? (await pairByShape(arrays));
  if (!train)
    throw new LetheError(
      `${name} holds no images with labels: its arrays are ${listed(arrays)}, but they are found by names such as train_images and train_labels, or x_train and y_train.`,
    );
  const test = pairs.get('test') ?? pairs.get('val');
  const used = [train, test].flatMap((pair) => (pair ? [pair.images!, pair.labels!] : []));
  const parts: LabelledArrays[] = [await readPair(train, 'train')];
  if (test) parts.push(await readPair(test, 'test'));
  return arraysStream(parts, {
    name,
    notes: {
      splitFrom: 'the names of the arrays',
      columns: used.map((array) => array.name),
      leftOut: leftOut(arrays, used),
    },
  });
}

/** Two arrays whose names tell nothing: the one with more dimensions holds the images. */
async function pairByShape(arrays: Named[]): Promise<Record<Role, Named> | undefined> {
  if (arrays.length !== 2 || arrays.some(({ role }) => role)) return undefined;
  const ranks = await Promise.all(arrays.map(async (array) => (await readArray(array)).shape.length));
  const [images, labels] = ranks[0]! > ranks[1]! ? arrays : arrays.toReversed();
  return { images: images!, labels: labels! };
}

function describe(file: DataFile): Named {
  const name = file.path
    .split('/')
    .at(-1)!
    .replace(/\.npy$/i, '');
  return {
    file,
    name,
    role: ROLES.find(([pattern]) => pattern.test(name))?.[1],
    part: PARTS.find(([pattern]) => pattern.test(name))?.[1] ?? 'all',
  };
}

const listed = (arrays: Named[]) =>
  arrays
    .slice(0, 8)
    .map(({ name }) => printable(name))
    .join(', ');

function leftOut(arrays: Named[], used: Named[]): LeftOut[] {
  const others = arrays.filter((array) => !used.includes(array));
  if (others.length === 0) return [];
  return [{ what: others.length > 1 ? 'arrays' : 'array', count: others.length, why: listed(others) }];
}

async function readPair(
  { images, labels }: Record<Role, Named | undefined>,
  split: LabelledArrays['split'],
): Promise<LabelledArrays> {
  const pixels = await readArray(images!);
  const classes = await readArray(labels!);
  const count = pixels.shape[0] ?? 0;
  // MedMNIST's labels have a second dimension of one.
  const isList = classes.shape[0] === count && classes.shape.slice(1).every((side) => side === 1);
  if (!isList)
    throw new LetheError(
      `"${printable(labels!.name)}" has the shape [${classes.shape}], but ${count} images need one label each, [${count}].`,
    );
  const wrong = classes.data.find((label) => !Number.isInteger(label));
  if (wrong !== undefined)
    throw new LetheError(`"${printable(labels!.name)}" holds ${wrong}, which is no class number.`);
  return { split, ...asImages(images!, pixels), labels: Int32Array.from(classes.data) };
}

interface Values {
  shape: number[];
  data: ArrayLike<number> & Iterable<number> & { find: Float32Array['find'] };
}

async function readArray({ file, name }: Named): Promise<Values> {
  const quoted = `"${printable(name)}"`;
  const array = parseNpy(await bytesOf(file));
  if ('pickled' in array)
    throw new LetheError(`${quoted} is an array of Python objects, not of numbers: store it as uint8.`);
  return { shape: array.shape, data: (await array.read()) as Values['data'] };
}

function asImages({ name }: Named, { shape, data }: Values): Pick<LabelledArrays, 'images' | 'shape'> {
  const quoted = `"${printable(name)}"`;
  const [, ...image] = shape;
  if (image.length < 2 || image.length > 3)
    throw new LetheError(
      `${quoted} has the shape [${shape}]: images are stored as [images, height, width, channels], or without channels where they are grey.`,
    );
  let bytes: Uint8Array;
  if (data instanceof Uint8Array) bytes = data;
  else {
    const wrong = data.find((value) => !(Number.isInteger(value) && value >= 0 && value <= 255));
    if (data instanceof Float32Array || wrong !== undefined)
      throw new LetheError(
        `${quoted} holds other numbers than whole ones from 0 to 255: store the images as uint8, as they are in their files.`,
      );
    bytes = Uint8Array.from(data);
  }
  const [a = 0, b = 0, c = 1] = image;
  const isColour = (side: number) => side === 1 || side === 3;
  // PyTorch puts the channels first.
  if (image.length === 3 && !isColour(c) && isColour(a))
    return { images: a === 3 ? interleaved(bytes, b * c) : bytes, shape: [b, c, a] };
  return { images: bytes, shape: [a, b, c] };
}
