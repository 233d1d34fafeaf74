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

/** A turn of several runs lasts about so long at most: what takes longer is run fewer times between two waits. */
const TURN_MS = 500;

/**
 * A busy machine slows whatever runs at the time, so the contestants run in turns: once each to compile, then `rounds` times each.
 * @param repeats most runs between two waits, so that a wait costs a fast device little.
 * @param onRound gets after each round what is known so far, and how many rounds that are
 */
export async function timeInTurns<Name extends string>(
  contestants: Record<Name, Contestant>,
  rounds: number,
  repeats = 1,
  onRound?: (times: Record<Name, Timing>, rounds: number) => void,
): Promise<Record<Name, Timing>> {
  const names = Object.keys(contestants) as Name[];
  const turn = async (name: Name, runs: number) => {
    const { run, wait } = contestants[name];
    const start = performance.now();
    for (let i = 0; i < runs; i++) run();
    await wait();
    return (performance.now() - start) / runs;
  };
  const first = new Map<Name, number>();
  const runs = new Map<Name, number>();
  for (const name of names) {
    first.set(name, await turn(name, 1));
    runs.set(name, repeats === 1 ? 1 : runsInTurn(await turn(name, 1), repeats));
  }
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  const timings = () =>
    Object.fromEntries(
      names.map((name) => {
        const sorted = times.get(name)!.toSorted((a, b) => a - b);
        const median = sorted[Math.floor(sorted.length / 2)]!;
        return [name, { first: first.get(name)!, median, best: sorted[0]! }];
      }),
    ) as Record<Name, Timing>;
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) times.get(name)!.push(await turn(name, runs.get(name)!));
    onRound?.(timings(), round);
  }
  return timings();
}

/** Runs of a turn, from the milliseconds of one. */
const runsInTurn = (milliseconds: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(TURN_MS / milliseconds)));
