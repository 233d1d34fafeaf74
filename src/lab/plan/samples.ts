import { randomStream } from '../rng';

/** Which examples the per-epoch curves are measured on. */
export interface MonitorSamples {
  forget: Int32Array;
  retain: Int32Array;
  test: Int32Array;
}

/** Three and a half points of standard error at worst: curves show the course, results come from all examples. */
const MOST = 200;

/** Up to 200 of each set, drawn once per study, ascending. */
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

/** How many examples `monitorSamples` draws from sets of these sizes. */
export function monitoredCount(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + Math.min(MOST, size), 0);
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
