import { mkdirSync, writeFileSync } from 'node:fs';
import type { LabDevice } from '../src/lab/gpu/device';
import { flush, internalsOf } from '../src/lab/gpu/internals';

/** Milliseconds of each variant, measured in turns so that a busy machine slows all of them alike. */
export interface Timing {
  /** The first run: pipelines are compiled in it. */
  first: number;
  median: number;
  best: number;
}

/** Submits everything recorded and waits until the device has done it. */
export async function finish(device: LabDevice): Promise<void> {
  flush(internalsOf(device.backend));
  await device.gpu.queue.onSubmittedWorkDone();
}

/** Runs the variants in turns: once each to compile, then `rounds` times each. */
export async function interleaved<Name extends string>(
  device: LabDevice,
  variants: Record<Name, () => void>,
  rounds: number,
): Promise<Record<Name, Timing>> {
  const names = Object.keys(variants) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      const start = performance.now();
      variants[name]();
      await finish(device);
      times.get(name)!.push(performance.now() - start);
    }
  return Object.fromEntries(
    names.map((name) => {
      const [first, ...rest] = times.get(name)!;
      rest.sort((a, b) => a - b);
      return [name, { first: first!, median: rest[Math.floor(rest.length / 2)]!, best: rest[0]! }];
    }),
  ) as Record<Name, Timing>;
}

/** Writes `bench/results/<name>.json` with the adapter's name. */
export function report(name: string, device: LabDevice, results: unknown): void {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const { label, vendor, architecture, software } = device.description;
  const content = { adapter: { label, vendor, architecture, software }, results };
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(content, null, 2)}\n`);
}
