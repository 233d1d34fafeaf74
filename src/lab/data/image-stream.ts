import type { ImageOrder } from '../image-order';
import { LetheError } from '../settings';
import type { Watch } from '../watch';
import type { Dataset, ResidentSplit, SplitName, Wanted } from './dataset';
import { type ReadNotes, SPLIT_BY_HOLDING_OUT } from './read-report';

/** Some decoded images of one split: uint8 NHWC. */
export interface ImageBatch {
  split: SplitName;
  images: Uint8Array;
  labels: Int32Array;
}

/** A data set as it comes out of its files, a batch at a time: what every format is read into. */
export interface ImageStream {
  classes: string[];
  /** height, width, channels. */
  shape: [number, number, number];
  /** Images of all splits. */
  count: number;
  /** Images of each split, where they can be told before any is decoded. */
  counts?: Wanted;
  /** What the reader decided on its own. */
  notes: ReadNotes;
  /** Where every image is a file of its own. */
  order?: ImageOrder;
  /** Images are in the order of the files, those of one split not always next to each other. */
  batches(options: Watch): AsyncIterable<ImageBatch>;
}

/** A stream of what is read at once, as files of moderate size are. */
export function wholeStream(
  about: Pick<ImageStream, 'classes' | 'shape' | 'count' | 'notes'>,
  read: () => Promise<ImageBatch[]> | ImageBatch[],
): ImageStream {
  return {
    ...about,
    async *batches({ signal }) {
      signal?.throwIfAborted();
      yield* await read();
    },
  };
}

/** More classes than this is a mistake in the files, not a classification problem for the networks here. */
const MOST_CLASSES = 1000;

/** @throws LetheError when there are more classes than the networks here are for. */
export function checkClasses(count: number, name: string): void {
  if (count > MOST_CLASSES)
    throw new LetheError(
      `${name} has ${count.toLocaleString('en-US')} classes; Lethe takes at most ${MOST_CLASSES.toLocaleString('en-US')}.`,
    );
}

/** Reads a stream into memory. @throws LetheError when it holds no training images. */
export async function collectStream(
  stream: ImageStream,
  id: string,
  options: Watch = {},
): Promise<Dataset<ResidentSplit>> {
  const parts: Record<SplitName, ImageBatch[]> = { train: [], test: [] };
  for await (const batch of stream.batches(options)) parts[batch.split].push(batch);
  if (parts.train.length === 0) throw new LetheError(`${id} holds no training images.`);
  const { classes, shape } = stream;
  return { id, classes, shape, train: join(parts.train), test: join(parts.test) };
}

function join(batches: ImageBatch[]) {
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const images = new Uint8Array(batches.reduce((sum, part) => sum + part.images.length, 0));
  const labels = new Int32Array(count);
  let [at, example] = [0, 0];
  for (const batch of batches) {
    images.set(batch.images, at);
    labels.set(batch.labels, example);
    at += batch.images.length;
    example += batch.labels.length;
  }
  return { images, labels, count };
}

/** Of files without a test split every sixth image of a class is one: CIFAR-10's proportion. */
const HOLD_OUT = 6;

/** Whether an image is held out, of whose class there were so many before it. */
export const isHeldOut = (before: number): boolean => before % HOLD_OUT === HOLD_OUT - 1;

/** Makes a test split for a stream that has none, the same one every time: every sixth image of each class. */
export function holdOutImages(stream: ImageStream): ImageStream {
  const size = stream.shape[0] * stream.shape[1] * stream.shape[2];
  return {
    ...stream,
    notes: { ...stream.notes, splitFrom: SPLIT_BY_HOLDING_OUT },
    async *batches(options) {
      const seen = new Map<number, number>();
      for await (const { images, labels } of stream.batches(options)) {
        const members: Record<SplitName, number[]> = { train: [], test: [] };
        labels.forEach((label, i) => {
          const before = seen.get(label) ?? 0;
          seen.set(label, before + 1);
          members[isHeldOut(before) ? 'test' : 'train'].push(i);
        });
        for (const split of ['train', 'test'] as const) {
          const chosen = members[split];
          if (chosen.length === 0) continue;
          const own = new Uint8Array(chosen.length * size);
          chosen.forEach((from, to) => {
            own.set(images.subarray(from * size, (from + 1) * size), to * size);
          });
          yield { split, images: own, labels: Int32Array.from(chosen, (i) => labels[i]!) };
        }
      }
    },
  };
}
