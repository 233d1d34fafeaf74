import { LetheError } from '../../settings';
import { bytesOf, type DataFile } from '../data-file';
import type { SplitName } from '../dataset';
import { holdOutImages, type ImageBatch, type ImageStream, wholeStream } from '../image-stream';
import { filesInSplits } from '../splits';
import { readMatFile } from './mat-file';

/**
 * SVHN's cropped digits as their authors give them: `X` uint8 `[height, width, 3, images]`, column-major, and `y` with the digits,
 * 10 for 0.
 * @throws LetheError when an array is missing or of another shape.
 */
function decodeSvhn(
  file: Uint8Array,
  name: string,
  split: SplitName,
): ImageBatch & { shape: [number, number, number] } {
  const { X, y } = readMatFile(file, name);
  const [height, width, channels, count] = X?.dims ?? [];
  if (
    !(X?.data instanceof Uint8Array) ||
    channels !== 3 ||
    !height ||
    !width ||
    !count ||
    y?.data.length !== count
  )
    throw new LetheError(
      `${name} is not SVHN's: it needs X, uint8 height×width×3×images, and y, one digit for each.`,
    );
  const wrong = Array.from(y.data).find((digit) => !(Number.isInteger(digit) && digit >= 0 && digit <= 10));
  const labels = Int32Array.from(y.data, (digit) => (digit === 10 ? 0 : digit));
  if (wrong !== undefined) throw new LetheError(`${name} holds the label ${wrong}, which is no digit.`);
  const images = new Uint8Array(X.data.length);
  let from = 0;
  for (let image = 0; image < count; image++)
    for (let channel = 0; channel < 3; channel++)
      for (let column = 0; column < width; column++)
        for (let row = 0; row < height; row++)
          images[((image * height + row) * width + column) * 3 + channel] = X.data[from++]!;
  return { split, images, labels, shape: [height, width, 3] };
}

/** SVHN's files as one data set. Without a file for testing every sixth image of a class is held out. */
export async function svhnStream(files: DataFile[], classes: string[]): Promise<ImageStream> {
  const { placed, hasTest, notes } = filesInSplits(files);
  const parts = await Promise.all(
    placed.map(async ({ file, split }) => decodeSvhn(await bytesOf(file), file.path, split)),
  );
  const shape = parts[0]!.shape;
  if (parts.some((part) => part.shape.join() !== shape.join()))
    throw new LetheError('The .mat files hold images of different sizes.');
  const count = parts.reduce((sum, part) => sum + part.labels.length, 0);
  const all = wholeStream({ classes, shape, count, notes }, () => parts);
  return hasTest ? all : holdOutImages(all);
}
