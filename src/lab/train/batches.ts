import type { RandomStream } from '../rng';
import { LetheError } from '../settings';
import type { BatchOrder } from './order';
import type { StepIndices, StreamName } from './trainer';

/** How an epoch is cut into batches. */
export interface BatchOptions {
  /** Examples of this stream make the epoch. */
  over: StreamName;
  /** A second stream walked beside it, starting over when it ends. */
  cycle?: StreamName;
  batch: number;
  dropLast: boolean;
}

export interface BatchSource {
  /** What each stream holds; `mixed` is forget and retain together. */
  retain: Int32Array;
  forget: Int32Array;
  /** A stream of this seed and purpose; stream name, epoch and round are appended to its path. */
  random: (...path: (string | number)[]) => RandomStream;
  /** Exact batches instead of shuffled ones. */
  order?: BatchOrder;
}

/**
 * The batches of an epoch: `over` once through in shuffled order, `cycle` beside it, reshuffled each time it ends. Every
 * shuffle has a random stream of its own, so an epoch's batches do not depend on the epochs before.
 * @throws LetheError when there is no example to go beside others
 */
export function epochBatches(source: BatchSource, epoch: number, options: BatchOptions): StepIndices[] {
  const { over, cycle, batch, dropLast } = options;
  if (source.order) return source.order.steps(epoch, over, cycle);
  const shuffled = (name: StreamName, round: number) =>
    cutIntoBatches(
      source.random('shuffle', name, epoch, round).shuffle(examples(source, name)),
      batch,
      dropLast,
    );
  const main = shuffled(over, 0);
  const beside: Int32Array[] = [];
  if (cycle && main.length > 0 && examples(source, cycle).length === 0)
    throw new LetheError(`There are no ${cycle} images to go beside the ${over} images.`);
  for (let round = 0; cycle && beside.length < main.length; round++) beside.push(...shuffled(cycle, round));
  return main.map((indices, step) => ({ [over]: indices, ...(cycle && { [cycle]: beside[step] }) }));
}

/** A fresh copy of a stream's examples in their own order. */
function examples({ retain, forget }: BatchSource, name: StreamName): Int32Array {
  if (name === 'retain') return retain.slice();
  if (name === 'forget') return forget.slice();
  const both = new Int32Array(forget.length + retain.length);
  both.set(forget);
  both.set(retain, forget.length);
  return both;
}

/**
 * Cuts a list into batches in its order. A partial last batch is kept, or dropped with `dropLast` unless it is the only one
 * (dropping it would leave nothing; METHOD section 1.1).
 */
export function cutIntoBatches(indices: Int32Array, batch: number, dropLast: boolean): Int32Array[] {
  const batches: Int32Array[] = [];
  for (let from = 0; from < indices.length; from += batch)
    batches.push(indices.subarray(from, Math.min(from + batch, indices.length)));
  if (dropLast && batches.length > 1 && batches.at(-1)!.length < batch) batches.pop();
  return batches;
}

/**
 * Cuts a list into batches of `size` and, for the rest, of a quarter of it; the last is filled up by repeating its first example. An
 * evaluation is captured once per shape of a batch, and so any list has two shapes at most.
 * @returns each batch with how many of its first examples count.
 */
export function evaluationBatches(
  indices: Int32Array,
  size: number,
): { indices: Int32Array; count: number }[] {
  const quarter = Math.ceil(size / 4);
  const rest = indices.length % size;
  const smallFrom = indices.length - (rest > 3 * quarter ? 0 : rest);
  const filled = (batch: Int32Array, length: number) => {
    const full = new Int32Array(length).fill(batch[0]!);
    full.set(batch);
    return { indices: full, count: batch.length };
  };
  return [
    ...cutIntoBatches(indices.subarray(0, smallFrom), size, false).map((batch) => filled(batch, size)),
    ...cutIntoBatches(indices.subarray(smallFrom), quarter, false).map((batch) => filled(batch, quarter)),
  ];
}

/**
 * Images per evaluation batch: about as many activations at any image size. A CPU rasteriser gains nothing from large batches, and
 * pausing waits for one. The batch does not change the logits.
 * @param microBatch at most so many
 */
export function evaluationBatch(
  [height, width]: readonly [number, number, number],
  software: boolean,
  microBatch = Number.POSITIVE_INFINITY,
): number {
  const largest = software ? 64 : 256;
  return Math.min(microBatch, Math.max(32, Math.min(largest, Math.floor(2 ** 18 / (height * width)))));
}
