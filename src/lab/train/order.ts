import * as v from 'valibot';
import { LetheError } from '../settings';
import type { StepIndices, StreamName } from './trainer';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const batches = v.array(v.array(index));
const schema = v.object({
  epochs: v.optional(
    v.array(
      v.object({ retain: v.optional(batches), forget: v.optional(batches), mixed: v.optional(batches) }),
    ),
    [],
  ),
  score: v.optional(
    v.object({ forget: v.optional(batches), retain: v.optional(batches), train: v.optional(batches) }),
    {},
  ),
  stream: v.optional(v.array(index), []),
});

/** Exact batches to be replayed instead of shuffled ones (`order.json`). */
export interface BatchOrder {
  /** How many epochs it has batches for. */
  epochs: number;
  /** Whether every epoch names batches of this stream. */
  has(stream: StreamName): boolean;
  /**
   * Batch i of `over` with batch i of `cycle`, which starts over when it ends.
   * @throws LetheError when the file has no such epoch or stream.
   */
  steps(epoch: number, over: StreamName, cycle?: StreamName): StepIndices[];
  /** Batches of the score pass over the forget set, a sample of the retain set or the whole training set. */
  score: { forget?: Int32Array[]; retain?: Int32Array[]; train?: Int32Array[] };
  /** Single examples for the influence step. */
  stream: Int32Array;
}

/**
 * @param value the parsed JSON
 * @param count number of training images
 * @throws LetheError when it is malformed or names an image that does not exist.
 */
export function parseOrder(value: unknown, count: number): BatchOrder {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]);
    throw new LetheError(`The batch order is malformed${where ? ` at ${where}` : ''}.`);
  }
  const check = (indices: number[]): Int32Array => {
    const outside = indices.find((item) => item >= count);
    if (outside !== undefined)
      throw new LetheError(`The batch order names image ${outside}, but there are only ${count}.`);
    return Int32Array.from(indices);
  };
  const { epochs, score, stream } = parsed.output;
  const checked = epochs.map((epoch) => ({
    retain: epoch.retain?.map(check),
    forget: epoch.forget?.map(check),
    mixed: epoch.mixed?.map(check),
  }));
  return {
    epochs: checked.length,
    has: (stream) => checked.every((epoch) => epoch[stream] !== undefined),
    steps(epoch, over, cycle) {
      const given = checked[epoch];
      if (!given)
        throw new LetheError(`The batch order has ${checked.length} epochs; epoch ${epoch + 1} is missing.`);
      const main = need(given, over, epoch);
      const beside = cycle && need(given, cycle, epoch);
      if (beside?.length === 0 && main.length > 0) throw lacking(epoch, cycle!);
      return main.map((indices, step) => ({
        [over]: indices,
        ...(cycle && beside && { [cycle]: beside[step % beside.length] }),
      }));
    },
    score: {
      forget: score.forget?.map(check),
      retain: score.retain?.map(check),
      train: score.train?.map(check),
    },
    stream: check(stream),
  };
}

function need(
  epoch: Partial<Record<StreamName, Int32Array[]>>,
  name: StreamName,
  number: number,
): Int32Array[] {
  const found = epoch[name];
  if (!found) throw lacking(number, name);
  return found;
}

function lacking(epoch: number, name: StreamName): LetheError {
  return new LetheError(`Epoch ${epoch + 1} of the batch order has no "${name}" batches.`);
}
