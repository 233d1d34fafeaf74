import { LetheError } from '../../settings';
import { bytesOf, type DataFile, startOf } from '../data-file';
import type { Watch } from '../dataset';
import { type DecodeImages, frameFor } from '../decode/decode';
import { imageSize, imageTypesListed } from '../decode/image-header';
import { checkClasses, heldOutCounts, holdOutImages, type ImageStream } from '../image-stream';
import { splitOfFolder } from '../splits';

/** An image's size stands within its first so many bytes, unless a long comment comes before. */
const HEADER_BYTES = 65_536;
/** Images read or decoded together. */
const AT_ONCE = 256;

/**
 * A folder of images for every class, in alphabetical order: `<class>/<image>`, below any number of common folders, or
 * `train/<class>/<image>` with `test` or `val` beside it. Without those every sixth image of a class is for testing.
 * @throws LetheError when there is only one class, too many, images lie beside folders of them, or a file is no image.
 */
export async function imageFolder(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  { signal, onProgress }: Watch = {},
): Promise<ImageStream> {
  const images = [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => {
      const folders = file.path.split('/').slice(0, -1);
      const split = splitOfFolder(folders.at(-2) ?? '');
      return { file, className: folders.at(-1) ?? '', folder: folders.join('/'), split };
    });
  const classes = [...new Set(images.map(({ className }) => className))].sort();
  if (classes.length < 2)
    throw new LetheError(
      `${name} needs a folder of images for every class, at least two; found: ${classes.join(', ') || 'none'}.`,
    );
  checkClasses(classes.length, name);
  const folders = new Set(images.map(({ folder }) => folder));
  const holders = new Set([...folders].flatMap(foldersAbove));
  const mixed = [...folders].find((folder) => holders.has(folder));
  if (mixed !== undefined)
    throw new LetheError(
      `${mixed || name} holds images beside folders of images: a class is a folder that holds only images, so take those out of the one or the other.`,
    );
  const sizes: { height: number; width: number }[] = [];
  for (let from = 0; from < images.length; from += AT_ONCE) {
    signal?.throwIfAborted();
    sizes.push(...(await Promise.all(images.slice(from, from + AT_ONCE).map(({ file }) => sizeOf(file)))));
    onProgress?.({ done: sizes.length, total: images.length, unit: 'images' });
  }
  const frame = frameFor(sizes);
  const tests = images.filter(({ split }) => split === 'test').length;
  const hasTest = tests > 0;
  const perClass = new Map<string, number>();
  for (const { className } of images) perClass.set(className, (perClass.get(className) ?? 0) + 1);
  const counts = hasTest
    ? { train: images.length - tests, test: tests }
    : heldOutCounts([...perClass.values()]);
  if (counts.train === 0) throw new LetheError(`${name} holds no training images.`);
  const stream: ImageStream = {
    classes,
    shape: [frame.height, frame.width, 3],
    count: images.length,
    counts,
    async *batches({ signal, onProgress }) {
      let done = 0;
      for (const split of ['train', 'test'] as const) {
        const own = inTurn(
          images.filter((image) => (hasTest && image.split === 'test' ? 'test' : 'train') === split),
        );
        for (let from = 0; from < own.length; from += AT_ONCE) {
          signal?.throwIfAborted();
          const part = own.slice(from, from + AT_ONCE);
          const bytes = await Promise.all(part.map(({ file }) => bytesOf(file)));
          yield {
            split,
            images: await decode(bytes, frame, { signal, nameOf: (index) => part[index]!.file.path }),
            labels: Int32Array.from(part, ({ className }) => classes.indexOf(className)),
          };
          done += part.length;
          onProgress?.({ done, total: images.length, unit: 'images' });
        }
      }
    },
  };
  return hasTest ? stream : holdOutImages(stream);
}

/** The folders that a folder lies in: of `a/b/c` these are `a/b`, `a` and the root, ''. */
function foldersAbove(folder: string): string[] {
  const parts = folder === '' ? [] : folder.split('/');
  return parts.map((_, depth) => parts.slice(0, depth).join('/'));
}

async function sizeOf(file: DataFile) {
  const size = imageSize(await startOf(file, HEADER_BYTES)) ?? imageSize(await bytesOf(file));
  if (!size) throw new LetheError(`${file.path} is damaged, or neither ${imageTypesListed('nor')}.`);
  return size;
}

/** Orders images so that the first of every folder come first, then the second: the first so many that a study uses are of all classes. */
function inTurn<T extends { folder: string }>(images: T[]): T[] {
  const seen = new Map<string, number>();
  const turns = images.map((image) => {
    const turn = seen.get(image.folder) ?? 0;
    seen.set(image.folder, turn + 1);
    return { image, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn).map(({ image }) => image);
}
