import type { StepIndices, StreamName } from './trainer';

/** A piece of a step's batches, and its share of the step's mean loss. */
export interface MicroBatch {
  indices: StepIndices;
  weight: number;
}

/**
 * Cuts the batches of one step into pieces of at most `size` images each, the same number of pieces of every stream. The weighted
 * sum of the pieces' mean losses is the mean over the whole (METHOD knows whole batches only): exactly for one stream, and for
 * several where all pieces of a stream are equally large.
 * @param size absent: one piece
 */
export function microBatches(indices: StepIndices, size: number | undefined): MicroBatch[] {
  const streams = Object.entries(indices) as [StreamName, Int32Array][];
  const longest = Math.max(...streams.map(([, list]) => list.length));
  if (size === undefined || longest <= size) return [{ indices, weight: 1 }];
  const count = Math.ceil(longest / size);
  const cutAt = (list: Int32Array, piece: number) =>
    // A stream with fewer images than there are pieces repeats them, so that every piece has one.
    list.length < count ? piece % list.length : Math.round((piece * list.length) / count);
  const [, first] = streams.find(([, list]) => list.length === longest)!;
  return Array.from({ length: count }, (_, piece) => {
    const pieces = streams.map(([name, list]): [StreamName, Int32Array] => {
      const from = cutAt(list, piece);
      const to = list.length < count ? from + 1 : cutAt(list, piece + 1);
      return [name, list.subarray(from, to)];
    });
    const weight = (cutAt(first, piece + 1) - cutAt(first, piece)) / first.length;
    return { indices: Object.fromEntries(pieces), weight };
  });
}
