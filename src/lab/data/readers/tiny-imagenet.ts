import { LetheError } from '../../settings';
import type { Watch } from '../../watch';
import { bytesOf, type DataFile } from '../data-file';
import type { DecodeImages } from '../decode/decode';
import type { ImageStream } from '../image-stream';
import { imageFolder } from './image-folder';

/** `n01443537`. */
const TRAIN = /(?:^|\/)train\/([^/]+)\/(?:images\/)?([^/]+)$/;
const VALIDATION = /(?:^|\/)val\/images\/([^/]+)$/;

/**
 * Tiny-ImageNet: `train/<class>/images`, and `val/images` with the classes in `val_annotations.txt`, which are the test images here.
 * The labels of its own `test` were never published. Classes are in the order of their WordNet numbers.
 * @throws LetheError when an image of `val` is not in the list
 */
export async function tinyImageNet(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  watch: Watch,
): Promise<ImageStream> {
  const list = files.find(({ path }) => path.endsWith('val_annotations.txt'))!;
  const classOf = new Map((await linesOf(list)).map(([file, wordNet]) => [file!, wordNet!] as const));
  const words = files.find(({ path }) => /(^|\/)words\.txt$/.test(path));
  const names = new Map((words ? await linesOf(words) : []).map(([id, text]) => [id!, text!] as const));
  const laidOut = files.flatMap(({ path, content }) => {
    const [, wordNet, file] = TRAIN.exec(path) ?? [];
    if (wordNet) return isImage(path) ? [{ path: `train/${wordNet}/${file}`, content }] : [];
    const [, checked] = VALIDATION.exec(path) ?? [];
    if (!checked) return [];
    const own = classOf.get(checked);
    if (!own) throw new LetheError(`${path} is not in ${list.path}, which should name its class.`);
    return [{ path: `test/${own}/${checked}`, content }];
  });
  const stream = await imageFolder(laidOut, name, decode, watch);
  const unlabelled = files.filter(({ path }) => /(^|\/)test\/images\/[^/]+$/.test(path)).length;
  return {
    ...stream,
    classes: stream.classes.map((id) => names.get(id)?.split(',')[0] ?? id),
    notes: {
      splitFrom: 'train, and val with its list of classes',
      leftOut:
        unlabelled > 0
          ? [
              {
                what: `${unlabelled === 1 ? 'image' : 'images'} in test`,
                count: unlabelled,
                why: 'without labels',
              },
            ]
          : [],
    },
  };
}

const isImage = (path: string) => /\.jpe?g$/i.test(path);

/** Lines of columns with tabs between them. */
async function linesOf(file: DataFile): Promise<string[][]> {
  const text = new TextDecoder().decode(await bytesOf(file));
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t'))
    .filter((columns) => columns.length > 1);
}
