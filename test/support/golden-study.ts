import type { Dataset } from '../../src/lab/data/dataset';
import type { Checkpoint, HostTensor } from '../../src/lab/tensors';
import type { Control } from '../../src/lab/train/engine';
import { type GoldenCase, tensorsUnder } from './golden';

/** A `Control` that never pauses and never cancels. */
export const neverPaused: Control = { tick: async () => undefined };

/** The case's images as a data set; its test split is the same images. */
export function goldenDataset({ inputs, spec }: GoldenCase): Dataset {
  const [count, height, width, channels] = inputs.images!.shape as [number, number, number, number];
  const split = {
    images: inputs.images!.data as Uint8Array,
    labels: inputs.labels!.data as Int32Array,
    count,
  };
  const classes = Array.from({ length: spec.model.classes }, (_, index) => `${index}`);
  return { id: spec.case, classes, shape: [height, width, channels], train: split, test: split };
}

/** The case's starting parameters and buffers. */
export function goldenWeights({ inputs }: GoldenCase): Checkpoint {
  return { ...tensorsUnder(inputs, 'param'), ...tensorsUnder(inputs, 'buffer') } as Record<
    string,
    HostTensor
  >;
}

/** `end − start` of every tensor of `end`, in double precision. */
export function weightChange(end: Record<string, { data: ArrayLike<number> }>, start: Checkpoint) {
  return Object.fromEntries(
    Object.entries(end).map(([name, { data }]) => [
      name,
      { data: Float64Array.from(data, (value, index) => value - start[name]!.data[index]!) },
    ]),
  );
}
