import { LetheError } from '../../settings';
import { baseName, bytesOf, type DataFile } from '../data-file';
import type { ResidentSplit } from '../dataset';
import { holdOutImages, type ImageStream, wholeStream } from '../image-stream';
import { filesInSplits } from '../splits';

const CIFAR_SHAPE: [number, number, number] = [32, 32, 3];
const SIDE = CIFAR_SHAPE[0];
const PLANE = SIDE * SIDE;
const CHANNELS = CIFAR_SHAPE[2];
const MOST_LABEL = 9;
/** One label byte, then the red, green and blue planes. */
const RECORD_BYTES = 1 + CHANNELS * PLANE;

/**
 * CIFAR-10's official binary files: planar records of several files become one split with interleaved channels.
 * @throws LetheError when a file is not a whole number of records or holds a label over 9.
 */
export function decodeCifar(files: Uint8Array[]): ResidentSplit {
  const bad = files.find((file) => file.length === 0 || file.length % RECORD_BYTES !== 0);
  if (bad)
    throw new LetheError(
      `A CIFAR-10 file has ${bad.length} bytes, which is not a whole number of records of ${RECORD_BYTES}: it is truncated or another format.`,
    );
  const count = files.reduce((sum, file) => sum + file.length / RECORD_BYTES, 0);
  const images = new Uint8Array(count * PLANE * CHANNELS);
  const labels = new Int32Array(count);
  let example = 0;
  for (const file of files)
    for (let at = 0; at < file.length; at += RECORD_BYTES, example++) {
      const label = file[at]!;
      if (label > MOST_LABEL)
        throw new LetheError(`A CIFAR-10 file holds the label ${label}, but there are only 10 classes.`);
      labels[example] = label;
      const to = example * PLANE * CHANNELS;
      for (let channel = 0; channel < CHANNELS; channel++)
        for (let pixel = 0; pixel < PLANE; pixel++)
          images[to + pixel * CHANNELS + channel] = file[at + 1 + channel * PLANE + pixel]!;
    }
  return { images, labels, count };
}

/** CIFAR-10's batches as one data set, in the order of their names. Without a test batch every sixth image of a class is held out. */
export function cifarStream(files: DataFile[], classes: string[]): ImageStream {
  const inOrder = [...files].sort((a, b) => (baseName(a.path) < baseName(b.path) ? -1 : 1));
  const { placed, hasTest, notes } = filesInSplits(inOrder);
  const bytes = placed.reduce((sum, { file }) => sum + file.content.byteLength, 0);
  const count = Math.floor(bytes / RECORD_BYTES);
  const all = wholeStream({ classes, shape: CIFAR_SHAPE, count, notes }, () =>
    Promise.all(placed.map(async ({ file, split }) => ({ split, ...decodeCifar([await bytesOf(file)]) }))),
  );
  return hasTest ? all : holdOutImages(all);
}
