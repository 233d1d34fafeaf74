import { parseNpy } from '../../nn/readers/npy';
import { unpackedLimit } from '../../ranges';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import { bytesOf, type DataFile } from '../data-file';
import type { ImageStream } from '../image-stream';
import { arraysStream, interleaved, type LabelledArrays } from '../labelled-arrays';
import type { LeftOut } from '../read-report';
import { nearestNamed, partOfWord, type SplitPart, wordsOf } from '../splits';
import { chosenLabels } from './label-choice';
import { filesOfZip } from './zip';

type Role = 'images' | 'labels';
type Part = SplitPart | 'all';

interface Named {
  file: DataFile;
  /** The array's name: its file's, without `.npy`, after the folders that say its part. */
  name: string;
  role?: Role;
  part: Part;
  /** Its words but for the part, in small letters: arrays of several parts belong together by them. */
  words: string[];
}

const IMAGES = /^(images?|imgs?|data|x|pictures?|pixels)$/;
/** `classes` may as well be their names. */
const LABELS = [/^(labels?|targets?|y|cls)$/, /^(class|classes|category|categories)$/];
/** Words of arrays that are beside the images, and not images or labels themselves. */
const BESIDE =
  /^(masks?|segmentation|annotations?|depth|embeddings?|features?|ids?|idxs?|index|indices|names?|paths?|files?|filenames?|mean|std|weights?|scores?)$/;

/**
 * NumPy's arrays by their names: MedMNIST's (`train_images`, `train_labels`, `val_…`, `test_…`), Keras' (`x_train`, `y_train`,
 * `x_test`, `y_test`), or `images` and `labels`, also with the part in the name of the `.npz` or folder that they lie in. A validation
 * set is left out where there is a test set, else it is the test set.
 * @param labelColumn of several arrays of labels the one that is meant, by its name in the training set
 * @throws LetheError when no two belong together, or they hold no images or no labels
 */
export async function numpyStream(
  files: DataFile[],
  name: string,
  labelColumn?: string,
): Promise<ImageStream> {
  const arrays = (await unpackedArrays(files)).map(describe);
  const of = (part: Part, role: Role) => candidates(arrays, part, role);
  const [trainPart] = (['train', 'all'] as const).filter(
    (part) => of(part, 'images').length > 0 && of(part, 'labels').length > 0,
  );
  const byShape = trainPart ? undefined : await pairByShape(arrays);
  if (!trainPart && !byShape) throw noTraining(arrays, name);
  const labels = trainPart ? of(trainPart, 'labels') : [byShape!.labels];
  const { chosen, notes } = chosenLabels(
    labels.map((array) => array.name),
    labelColumn,
    name,
  );
  const train = byShape ?? {
    images: one(of(trainPart!, 'images'), name),
    labels: labels.find((array) => array.name === chosen)!,
  };
  const test = (['test', 'validation'] as const).flatMap((part) => {
    const [images] = of(part, 'images');
    const labelled = of(part, 'labels');
    const alike = labelled.find(({ words }) => words.join() === train.labels.words.join());
    const own = alike ?? (labels.length === 1 && labelled.length === 1 ? labelled[0] : undefined);
    return images && own ? [{ images, labels: own }] : [];
  })[0];
  const used = [train, test].flatMap((pair) => (pair ? [pair.images, pair.labels] : []));
  const parts: LabelledArrays[] = [await readPair(train, 'train')];
  if (test) parts.push(await readPair(test, 'test'));
  return arraysStream(parts, {
    name,
    notes: {
      splitFrom: 'the names of the arrays',
      columns: used.map((array) => array.name),
      leftOut: leftOut(arrays, used),
      ...notes,
    },
  });
}

/** The arrays in files, of which `.npz` hold several. */
async function unpackedArrays(files: DataFile[]): Promise<DataFile[]> {
  const found: DataFile[] = [];
  for (const file of files) {
    if (!/\.npz$/i.test(file.path)) found.push(file);
    else
      for (const { path, content } of await filesOfZip(file, unpackedLimit(file.content.byteLength)))
        if (/\.npy$/i.test(path)) found.push({ path: `${file.path.slice(0, -4)}/${path}`, content });
  }
  return found;
}

function noTraining(arrays: Named[], name: string): LetheError {
  const held = arrays.some(({ role, part }) => role && (part === 'test' || part === 'validation'));
  return new LetheError(
    held && !arrays.some(({ part }) => part === 'train' || part === 'all')
      ? `${name} holds images to test on only: its arrays are ${listed(arrays)}, of which none is for training.`
      : `${name} holds no images with labels: its arrays are ${listed(arrays)}, but they are found by names such as train_images and train_labels, or x_train and y_train.`,
  );
}

/** The arrays of a part that may be its images or labels, the likeliest first: those with the fewest other words, of labels the fine ones. */
function candidates(arrays: Named[], part: Part, role: Role): Named[] {
  const own = arrays.filter((array) => array.part === part && array.role === role);
  const sure =
    role === 'labels' ? own.filter(({ words }) => words.some((word) => LABELS[0]!.test(word))) : [];
  const rank = ({ words }: Named) => words.length + (/coarse|super/.test(words.join(' ')) ? 100 : 0);
  return (sure.length > 0 ? sure : own).sort((a, b) => rank(a) - rank(b));
}

/** @throws LetheError where two arrays may be the images */
function one([first, second]: Named[], name: string): Named {
  if (second && second.words.length === first!.words.length)
    throw new LetheError(
      `${name}: the images may be "${printable(first!.name)}" or "${printable(second.name)}": leave one of them out.`,
    );
  return first!;
}

/** Two arrays whose names tell nothing: the one with more dimensions holds the images. */
async function pairByShape(arrays: Named[]): Promise<Record<Role, Named> | undefined> {
  if (arrays.length !== 2 || arrays.some(({ role }) => role)) return undefined;
  const shapes = await Promise.all(arrays.map(async (array) => (await readArray(array)).shape));
  const images = shapes.findIndex((shape) => shape.length >= 3);
  const labels = shapes.findIndex((shape) => shape.length > 0 && shape.slice(1).every((side) => side === 1));
  return images >= 0 && labels >= 0 && images !== labels
    ? { images: arrays[images]!, labels: arrays[labels]! }
    : undefined;
}

function describe(file: DataFile): Named {
  const segments = file.path.split('/');
  const name = segments.at(-1)!.replace(/\.npy$/i, '');
  // `xtrain`, `trainY`.
  const words = wordsOf(name.replace(/^([xy]?)(train|test|valid|val)([xy]?)$/i, '$1 $2 $3'));
  const named = words.map(partOfWord).find((part) => part !== undefined);
  const ofFolder = named ? undefined : nearestNamed(segments.slice(0, -1))[0];
  const rest = words.filter((word) => partOfWord(word) === undefined);
  const isLabel = LABELS.some((pattern) => rest.some((word) => pattern.test(word)));
  const isImage = rest.some((word) => IMAGES.test(word));
  const isBeside = rest.some((word) => BESIDE.test(word));
  return {
    file,
    name: ofFolder ? `${segments.slice(0, -1).join('/')}/${name}` : name,
    role: isBeside ? undefined : isLabel ? 'labels' : isImage ? 'images' : undefined,
    part: named ?? ofFolder ?? 'all',
    words: rest,
  };
}

const listed = (arrays: Named[]) => {
  const names = arrays.slice(0, 8).map(({ name }) => printable(name));
  return `${names.join(', ')}${arrays.length > names.length ? ', …' : ''}`;
};

function leftOut(arrays: Named[], used: Named[]): LeftOut[] {
  const others = arrays.filter((array) => !used.includes(array));
  if (others.length === 0) return [];
  return [{ what: others.length > 1 ? 'arrays' : 'array', count: others.length, why: listed(others) }];
}

async function readPair(
  { images, labels }: Record<Role, Named>,
  split: LabelledArrays['split'],
): Promise<LabelledArrays> {
  const pixels = await readArray(images);
  const classes = await readArray(labels);
  const count = pixels.shape[0] ?? 0;
  // MedMNIST's labels have a second dimension of one.
  const isList = classes.shape[0] === count && classes.shape.slice(1).every((side) => side === 1);
  const isTable = classes.shape[0] === count && classes.shape.length === 2;
  if (!isList)
    throw new LetheError(
      `"${printable(labels.name)}" has the shape [${classes.shape}], but ${count} images need one label each, [${count}]${isTable ? ': of rows with a number for each class store the place of the highest, in NumPy argmax(axis=1)' : ''}.`,
    );
  const wrong = classes.data.find((label) => !Number.isInteger(label));
  if (wrong !== undefined)
    throw new LetheError(`"${printable(labels.name)}" holds ${wrong}, which is no class number.`);
  return { split, ...asImages(images, pixels), labels: Int32Array.from(classes.data) };
}

interface Values {
  shape: number[];
  /** As safetensors names it. */
  dtype: string;
  data: ArrayLike<number> & Iterable<number> & { find: Float32Array['find'] };
}

async function readArray({ file, name }: Named): Promise<Values> {
  const quoted = `"${printable(name)}"`;
  const bytes = await bytesOf(file);
  const array = await readNamed(quoted, () => parseNpy(bytes));
  if ('pickled' in array)
    throw new LetheError(`${quoted} is an array of Python objects, not of numbers: store it as uint8.`);
  const data = await array.read(quoted);
  return { shape: array.shape, dtype: array.dtype, data: data as Values['data'] };
}

/** Puts an array's name before an error about it. */
async function readNamed<T>(quoted: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof LetheError ? new LetheError(`${quoted}: ${error.message}`) : error;
  }
}

function asImages({ name }: Named, { shape, dtype, data }: Values): Pick<LabelledArrays, 'images' | 'shape'> {
  const quoted = `"${printable(name)}"`;
  const [, ...image] = shape;
  if (image.length < 2 || image.length > 3)
    throw new LetheError(
      `${quoted} has the shape [${shape}]: images are stored as [images, height, width, channels], or without channels where they are grey.`,
    );
  // As levels 0 and 1 they would be all but black.
  if (dtype === 'BOOL')
    throw new LetheError(
      `${quoted} holds true and false: store the images as uint8, as they are in their files, or with 255 for true.`,
    );
  let bytes: Uint8Array;
  if (data instanceof Uint8Array) bytes = data;
  else {
    const wrong = data.find((value) => !(Number.isInteger(value) && value >= 0 && value <= 255));
    // Zeros and ones in a float array are rather black and white than two dark levels.
    const isScaled = data instanceof Float32Array && data.every((value) => value >= 0 && value <= 1);
    if (isScaled || wrong !== undefined)
      throw new LetheError(
        `${quoted} holds ${isScaled ? 'numbers from 0 to 1' : 'other numbers than whole ones from 0 to 255'}: store the images as uint8, as they are in their files.`,
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
