import { LetheError } from '../../settings';
import type { Watch } from '../../watch';
import { bytesOf, type DataFile, startOf } from '../data-file';
import type { SplitName } from '../dataset';
import { type DecodeImages, frameFor } from '../decode/decode';
import {
  type ImageSize,
  imageSize,
  imageTypesListed,
  sizeProblem,
  unreadImageType,
} from '../decode/image-header';
import { layoutOfFolders } from '../folder-layout';
import { checkClasses, type ImageStream } from '../image-stream';

/** An image's size stands within its first so many bytes, unless a long comment comes before. */
const HEADER_BYTES = 65_536;
/** Said to whoever has lists of images that were made for PyTorch. */
const NUMBERED =
  'Images are numbered one of each class in turn, which is not the order of torchvision’s ImageFolder.';
/** Images read or decoded together. */
const AT_ONCE = 256;

/**
 * A folder of images for every class, in alphabetical order, with or without folders for the splits (`layoutOfFolders`). Without a
 * test split every sixth image of a class is for testing.
 * @throws LetheError when the folders' names can be read in two ways, there is only one class, too many, or a file is no image.
 */
export async function imageFolder(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  { signal, onProgress }: Watch = {},
): Promise<ImageStream> {
  checkTypes(files, name);
  const { classes, images, asTorchvision, notes } = layoutOfFolders(
    files.map(({ path }) => path),
    name,
  );
  checkClasses(classes.length, name);
  const fileAt = new Map(files.map((file) => [file.path, file]));
  const all = [...images.train, ...images.test];
  const sizes: ImageSize[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    signal?.throwIfAborted();
    const part = all.slice(from, from + AT_ONCE).map(({ path }) => sizeOf(fileAt.get(path)!));
    sizes.push(...(await Promise.all(part)));
    onProgress?.({ done: sizes.length, total: all.length, counted: 'images' });
  }
  const frame = frameFor(sizes);
  const pathsOf = (split: SplitName) => images[split].map(({ path }) => path);
  return {
    classes,
    shape: [frame.height, frame.width, 3],
    count: all.length,
    counts: { train: images.train.length, test: images.test.length },
    notes: { ...notes, remarks: [NUMBERED] },
    order: {
      train: pathsOf('train'),
      test: pathsOf('test'),
      torchvision: asTorchvision.map(({ path }) => path),
    },
    async *batches({ signal, onProgress }) {
      let done = 0;
      for (const split of ['train', 'test'] as const) {
        const own = images[split];
        for (let from = 0; from < own.length; from += AT_ONCE) {
          signal?.throwIfAborted();
          const part = own.slice(from, from + AT_ONCE);
          const bytes = await Promise.all(part.map(({ path }) => bytesOf(fileAt.get(path)!)));
          yield {
            split,
            images: await decode(bytes, frame, { signal, nameOf: (index) => part[index]!.path }),
            labels: Int32Array.from(part, ({ className }) => classes.indexOf(className)),
          };
          done += part.length;
          onProgress?.({ done, total: all.length, counted: 'images' });
        }
      }
    },
  };
}

/** @throws LetheError naming the kind and the number of images that are not read. */
function checkTypes(files: DataFile[], name: string): void {
  const unread = files
    .map(({ path }) => ({ path, label: unreadImageType(path) }))
    .filter(({ label }) => label);
  const [first] = unread;
  if (!first) return;
  const count = unread.filter(({ label }) => label === first.label).length;
  const some =
    count === 1 ? `one ${first.label} image` : `${count.toLocaleString('en-US')} ${first.label} images`;
  throw new LetheError(
    `${name} holds ${some} (${first.path}), which Lethe does not read: convert ${count === 1 ? 'it' : 'them'} to PNG, or take ${count === 1 ? 'it' : 'them'} out.`,
  );
}

async function sizeOf(file: DataFile): Promise<ImageSize> {
  const size = imageSize(await startOf(file, HEADER_BYTES)) ?? imageSize(await bytesOf(file));
  if (!size) throw new LetheError(`${file.path} is damaged, or neither ${imageTypesListed('nor')}.`);
  const problem = sizeProblem(size);
  if (problem) throw new LetheError(`${file.path} ${problem}.`);
  return size;
}
