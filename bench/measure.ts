import type { LabDevice } from '../src/lab/gpu/device';
import { flushCommands, internalsOf } from '../src/lab/gpu/internals';

/** Milliseconds of one run of a contestant. */
export interface Timing {
  /** The first run: pipelines are compiled in it. */
  first: number;
  median: number;
  best: number;
}

/** One of several engines that are timed: `run` submits the work, `wait` waits until the device has done it. */
export interface Contestant {
  run(): void;
  wait(): Promise<unknown>;
}

/** A contestant on Lethe's device, with Lethe's kernels or TF.js's. */
export function onDevice(device: LabDevice, run: () => void): Contestant {
  return { run, wait: () => finishDeviceWork(device) };
}

/** Submits everything recorded and waits until the device has done it. */
export async function finishDeviceWork(device: LabDevice): Promise<void> {
  flushCommands(internalsOf(device.backend));
  await device.gpu.queue.onSubmittedWorkDone();
}

/**
 * A busy machine slows whatever runs at the time, so the contestants run in turns: once each to compile, then `rounds` times each.
 * @param repeats runs between two waits, so that a wait costs a fast device little.
 */
export async function timeInTurns<Contestants extends Record<string, Contestant>>(
  contestants: Contestants,
  rounds: number,
  repeats = 1,
): Promise<{ [Name in keyof Contestants]: Timing }> {
  const names = Object.keys(contestants);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      const { run, wait } = contestants[name]!;
      const runs = round === 0 ? 1 : repeats;
      const start = performance.now();
      for (let i = 0; i < runs; i++) run();
      await wait();
      times.get(name)!.push((performance.now() - start) / runs);
    }
  return Object.fromEntries(
    names.map((name) => {
      const [first, ...rest] = times.get(name)!;
      rest.sort((a, b) => a - b);
      return [name, { first: first!, median: rest[Math.floor(rest.length / 2)]!, best: rest[0]! }];
    }),
  ) as { [Name in keyof Contestants]: Timing };
}
