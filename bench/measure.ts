import { mkdirSync, writeFileSync } from 'node:fs';
import type { LabDevice } from '../src/lab/gpu/device';
import { flush, internalsOf } from '../src/lab/gpu/internals';
import type { DeviceDescription } from '../src/lab/study/result';

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

/** Writes `bench/results/<adapter>.json`, or `<adapter>-<name>.json`. */
export function report(
  { label, vendor, architecture, software }: DeviceDescription,
  results: unknown,
  name?: string,
): void {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const content = { adapter: { label, vendor, architecture, software }, results };
  const file = [
    label
      .replace(/[^a-z0-9]+/gi, ' ')
      .trim()
      .replaceAll(' ', '-')
      .toLowerCase(),
    name,
  ];
  const path = new URL(`${file.filter(Boolean).join('-')}.json`, folder);
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Rows as aligned text. */
export function table(rows: Record<string, string | number>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = (line: string[]) => line.map((cell, column) => cell.padStart(widths[column]!)).join('  ');
  return lines.map(text).join('\n');
}
