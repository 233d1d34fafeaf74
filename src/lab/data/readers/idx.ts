import { unpackedLimit } from '../../ranges';
import { LetheError } from '../../settings';
import { baseName, bytesOf, type DataFile, startOf } from '../data-file';
import type { ImageStream } from '../image-stream';
import { arraysStream, type LabelledArrays } from '../labelled-arrays';
import { joinNotes } from '../read-report';
import { filesInSplits, nearestNamed } from '../splits';
import { inflated } from '../unpacked';

/** What the pairs of files are called, `images` in the one and `labels` in the other. */
const PAIR = /(images|labels)([-_.]?idx)\d([-_.](ubyte|int))?(\.gz)?$/i;
const UBYTE = 8;

interface IdxArray {
  sizes: number[];
  data: Uint8Array;
}

/**
 * MNIST's format, each file packed with gzip or not; also Fashion-MNIST's, KMNIST's and EMNIST's.
 * @throws LetheError when a file has no partner, is damaged, or they do not fit together
 */
export async function idxStream(files: DataFile[], name: string): Promise<ImageStream> {
  const parts: LabelledArrays[] = [];
  const { kept: unpacked, copies: packed } = withoutPacked(files);
  const { kept, copies } = await withoutCopies(unpacked);
  const pictures = kept.filter(isImages);
  if (pictures.length === 0)
    throw new LetheError(`${name} holds labels only: the file with the images is not beside it.`);
  const { placed, notes } = filesInSplits(pictures);
  for (const { file: images, split } of placed) {
    const labels = labelsOf(images, kept);
    if (!labels)
      throw new LetheError(`${images.path} holds images; the file with their labels is not beside it.`);
    const [pixels, classes] = [await readIdx(images), await readIdx(labels)];
    const [count = 0, height = 0, width = 0, channels = 1, ...more] = pixels.sizes;
    if (pixels.sizes.length < 3 || more.length > 0)
      throw new LetheError(`${images.path} is no list of images: it has ${pixels.sizes.length} dimensions.`);
    if (classes.sizes.length !== 1 || classes.sizes[0] !== count)
      throw new LetheError(`${images.path} holds ${count} images, ${labels.path} not as many labels.`);
    parts.push({
      split,
      images: pixels.data,
      labels: Int32Array.from(classes.data),
      shape: [height, width, channels],
    });
  }
  const leftOut = [
    { what: 'packed files', count: packed, why: 'they lie unpacked beside them' },
    { what: copies === 1 ? 'copy' : 'copies', count: copies, why: 'the same files lie beside them' },
  ].filter(({ count }) => count > 0);
  return arraysStream(parts, { name, notes: joinNotes(notes, leftOut.length > 0 ? { leftOut } : {}) });
}

/** What images and their labels share in their paths. */
const keyOf = (path: string) => path.replace(PAIR, '').toLowerCase();
const isImages = ({ path }: DataFile) => PAIR.exec(path)?.[1]?.toLowerCase() === 'images';
const labelsOf = (images: DataFile, files: DataFile[]) =>
  files.find((file) => !isImages(file) && keyOf(file.path) === keyOf(images.path));

/** torchvision leaves each file packed beside what it unpacked from it: they are the same images. */
function withoutPacked(files: DataFile[]): { kept: DataFile[]; copies: number } {
  const paths = new Set(files.map(({ path }) => path));
  const kept = files.filter(({ path }) => !/\.gz$/i.test(path) || !paths.has(path.slice(0, -'.gz'.length)));
  return { kept, copies: files.length - kept.length };
}

/**
 * Kaggle's archive of MNIST holds each file twice, once in a folder of the file's own name. Of files that hold the same, under one name
 * but for folders, one is kept: of images one whose labels lie beside it.
 */
async function withoutCopies(files: DataFile[]): Promise<{ kept: DataFile[]; copies: number }> {
  const rank = (file: DataFile) => (labelsOf(file, files) ? 0 : 1000) + file.path.split('/').length;
  const pictures = files.filter(isImages).sort((a, b) => rank(a) - rank(b));
  const isCopy = async (a: DataFile, b: DataFile) => {
    const [own, other] = [labelsOf(a, files), labelsOf(b, files)];
    // The same images with other labels are another data set.
    return (await isSame(a, b)) && (!own || !other || (await isSame(own, other)));
  };
  const images = await firstOfEach(pictures, isCopy);
  const paired = new Set(images.map((file) => labelsOf(file, files)));
  const labels = files.filter((file) => !isImages(file));
  const others = await firstOfEach([...labels].sort((a, b) => Number(paired.has(b)) - Number(paired.has(a))));
  // Two data sets may have the same labels: each has its own.
  const kept = new Set([...images, ...others, ...paired]);
  return {
    kept: files.filter((file) => kept.has(file)),
    copies: files.filter((file) => !kept.has(file)).length,
  };
}

/** Files without copies of those before them. */
async function firstOfEach(files: DataFile[], isCopyOf = isSame): Promise<DataFile[]> {
  const kept: DataFile[] = [];
  for (const file of files) {
    let isCopy = false;
    for (const other of kept) isCopy ||= await isCopyOf(file, other);
    if (!isCopy) kept.push(file);
  }
  return kept;
}

const partsOf = (path: string) => nearestNamed(path.split('/')).join();

/** Whether two files are called alike, for the same split in whatever folders, and hold the same bytes. */
async function isSame(a: DataFile, b: DataFile): Promise<boolean> {
  if (keyOf(baseName(a.path)) !== keyOf(baseName(b.path))) return false;
  if (partsOf(a.path) !== partsOf(b.path)) return false;
  if (a.content.byteLength !== b.content.byteLength) return false;
  const [own, other] = [await bytesOf(a), await bytesOf(b)];
  return own.every((byte, at) => byte === other[at]);
}

async function readIdx(file: DataFile): Promise<IdxArray> {
  const damaged = () => new LetheError(`${file.path} is damaged, cut off, or no IDX file.`);
  const start = await startOf(file, 2);
  let content = file.content;
  if (start[0] === 0x1f && start[1] === 0x8b) {
    const limit = unpackedLimit(content.byteLength);
    content = await inflated(content, 'gzip', { path: file.path, limit }).catch((error: unknown) => {
      throw error instanceof LetheError ? error : damaged();
    });
  }
  const bytes = await bytesOf({ ...file, content });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rank = bytes[3];
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || !rank || bytes.length < 4 + 4 * rank)
    throw damaged();
  if (bytes[2] !== UBYTE)
    throw new LetheError(`${file.path} holds other numbers than bytes from 0 to 255, which are not read.`);
  const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const data = bytes.subarray(4 + 4 * rank);
  if (data.length !== sizes.reduce((product, size) => product * size, 1)) throw damaged();
  return { sizes, data };
}
