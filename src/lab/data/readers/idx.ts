import { unpackedLimit } from '../../ranges';
import { LetheError } from '../../settings';
import { bytesOf, type DataFile, startOf } from '../data-file';
import type { ImageStream } from '../image-stream';
import { arraysStream, type LabelledArrays } from '../labelled-arrays';
import { joinNotes } from '../read-report';
import { filesInSplits } from '../splits';
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
  const keyOf = (path: string) => path.replace(PAIR, '').toLowerCase();
  const isImages = ({ path }: DataFile) => PAIR.exec(path)?.[1]?.toLowerCase() === 'images';
  const parts: LabelledArrays[] = [];
  const { kept, copies } = withoutPacked(files);
  const pictures = kept.filter(isImages);
  if (pictures.length === 0)
    throw new LetheError(`${name} holds labels only: the file with the images is not beside it.`);
  const { placed, notes } = filesInSplits(pictures);
  for (const { file: images, split } of placed) {
    const labels = kept.find((file) => !isImages(file) && keyOf(file.path) === keyOf(images.path));
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
  const leftOut = [{ what: 'packed files', count: copies, why: 'they lie unpacked beside them' }];
  return arraysStream(parts, { name, notes: joinNotes(notes, copies > 0 ? { leftOut } : {}) });
}

/** torchvision leaves each file packed beside what it unpacked from it: they are the same images. */
function withoutPacked(files: DataFile[]): { kept: DataFile[]; copies: number } {
  const paths = new Set(files.map(({ path }) => path));
  const kept = files.filter(({ path }) => !/\.gz$/i.test(path) || !paths.has(path.slice(0, -'.gz'.length)));
  return { kept, copies: files.length - kept.length };
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
