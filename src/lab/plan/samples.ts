import { randomStream, sampleOf } from '../rng';
import type { Answered } from '../study/result';
import type { Study } from '../study/study';

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
  const sample = sampler(seed, 'monitor');
  return {
    forget: sample('forget', forget, MOST),
    retain: sample('retain', retain, MOST),
    test: sample('test', upTo(testCount), MOST),
  };
}

/** Two bytes an image and model: a result of a dozen models stays under a tenth of a megabyte with these. */
export const MOST_ANSWERED = { forget: 5000, retain: 1000, test: 1000 };

/**
 * The images of which a result tells every model's answer: up to 5,000 to forget, 1,000 retained and 1,000 of the test set, drawn once per
 * study, ascending.
 */
export function answeredSamples(
  seed: number,
  forget: Int32Array,
  { train, test }: { train: number; test: number },
): MonitorSamples {
  const sample = sampler(seed, 'answers');
  return {
    forget: sample('forget', forget, MOST_ANSWERED.forget),
    retain: sample('retain', complement(forget, train), MOST_ANSWERED.retain),
    test: sample('test', upTo(test), MOST_ANSWERED.test),
  };
}

/** The images that a result of a study tells answers on, as it lists them. */
export function answeredIn({ seed, data }: Pick<Study, 'seed' | 'data'>, forget: Int32Array): Answered {
  const answered = answeredSamples(seed, forget, data);
  const { forget: followed } = monitorSamples(seed, forget, answered.retain, 0);
  return {
    forget: [...answered.forget],
    retain: [...answered.retain],
    test: [...answered.test],
    followed: [...followed],
  };
}

const sampler = (seed: number, purpose: string) => (name: string, items: Int32Array, most: number) =>
  sampleOf(items, most, randomStream(seed, purpose, name));

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
