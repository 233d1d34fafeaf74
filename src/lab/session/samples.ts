import { randomStream } from '../rng';
import type { Control, LiveModel } from '../train/engine';

/** Which examples the per-epoch curves are measured on. */
export interface MonitorSamples {
  forget: Int32Array;
  retain: Int32Array;
  test: Int32Array;
}

/** Enough for two points of standard error at worst, at a few per cent of an epoch's cost. */
const MOST = 500;

/** Up to 500 of each set, drawn once per study, ascending. */
export function monitorSamples(
  seed: number,
  forget: Int32Array,
  retain: Int32Array,
  testCount: number,
): MonitorSamples {
  const sample = (name: string, items: Int32Array) =>
    items.length <= MOST
      ? items
      : randomStream(seed, 'monitor', name).shuffle(items.slice()).subarray(0, MOST).sort();
  return {
    forget: sample('forget', forget),
    retain: sample('retain', retain),
    test: sample('test', upTo(testCount)),
  };
}

/** 0, 1, …, count - 1. */
export function upTo(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

/** All of 0 … total - 1 that `chosen` (ascending) does not hold. */
export function complement(chosen: Int32Array, total: number): Int32Array {
  const held = new Set(chosen);
  return upTo(total).filter((index) => !held.has(index));
}

/** Share of the examples whose largest logit is at their label, in percent. `logits`: `[n, classes]`. */
export function accuracy(logits: Float32Array, labels: Int32Array): number {
  const classes = logits.length / labels.length;
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const label = labels[i]!;
    if (row.every((value, other) => other === label || value < row[label]!)) right++;
  }
  return (100 * right) / labels.length;
}

/** The labels of some examples, in their order. */
export function labelsAt(labels: Int32Array, indices: Int32Array): Int32Array {
  return indices.map((index) => labels[index]!);
}

/** Accuracy of the live model on the monitored samples. */
export async function monitor(
  model: LiveModel,
  samples: MonitorSamples,
  labels: { train: Int32Array; test: Int32Array },
  control: Control,
): Promise<{ forget: number; retain: number; test: number }> {
  const of = async (split: 'train' | 'test', indices: Int32Array) =>
    accuracy(await model.outputs(split, indices, control), labelsAt(labels[split], indices));
  return {
    forget: await of('train', samples.forget),
    retain: await of('train', samples.retain),
    test: await of('test', samples.test),
  };
}
