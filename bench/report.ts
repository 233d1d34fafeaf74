import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { DeviceDescription } from '../src/lab/study/result';
import type { Measured } from './run-case';
import type { HostCost, PlannedStep } from './without-device';

const load = loadavg()[0]!;

/** Writes `bench/results/<adapter>.json`, or `<adapter>-<name>.json`, with the machine and its load. */
export function writeReport(
  { label, vendor, architecture, software }: DeviceDescription,
  results: object,
  name?: string,
): void {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const adapter = { label, vendor, architecture, software };
  const host = { processors: cpus().length, loadAtStart: load };
  const path = new URL(`${[adapterSlug(label), name].filter(Boolean).join('-')}.json`, folder);
  writeFileSync(path, `${JSON.stringify({ adapter, host, ...results }, null, 2)}\n`);
}

/** An adapter's name in file names: `llvmpipe (CPU)` is `llvmpipe-cpu`. */
export const adapterSlug = (label: string): string =>
  label
    .replace(/[^a-z0-9]+/gi, ' ')
    .trim()
    .replaceAll(' ', '-')
    .toLowerCase();

/** A measured network as a line of the table; docs/engine.md says what the columns mean. */
export function reportRow(result: Measured & Partial<HostCost>): Record<string, string> {
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0);
  const { replay, tuned, half, tape, stock, jax, evaluation } = result.milliseconds;
  const of = (other?: { median: number }) => (other ? ms(other.median) : '–');
  const against = (other?: { median: number }) => (other ? (other.median / replay.median).toFixed(1) : '–');
  const gflops = (1000 * result.gflop) / replay.median;
  return {
    network: `${result.network} × ${result.batch}`,
    'replay ms': ms(replay.median),
    'images/s': ((1000 * result.batch) / replay.median).toFixed(0),
    'tuned ms': of(tuned),
    'half ms': of(half),
    'tape ms': of(tape),
    'stock ms': of(stock),
    'stock / replay': against(stock),
    'jax-js ms': of(jax),
    'jax-js / replay': against(jax),
    'evaluation / training': (evaluation.median / replay.median).toFixed(2),
    'GFLOP/s': gflops.toFixed(1),
    'matmul GFLOP/s': result.yardstickGflops.toFixed(1),
    'share of matmul': (gflops / result.yardstickGflops).toFixed(2),
    dispatches: `${Object.values(result.kernels).reduce((sum, count) => sum + count, 0)}`,
    'moved MB': (result.movedBytes / 1e6).toFixed(0),
    'host ms': result.hostMilliseconds === undefined ? '–' : ms(result.hostMilliseconds),
    'upload B': result.uploadBytes === undefined ? '–' : `${result.uploadBytes}`,
    'first step s': result.firstStepSeconds.toFixed(1),
    'plan MB': (result.planBytes / 1e6).toFixed(0),
  };
}

/** A step that was only captured, as a line of its table. */
export function plannedRow({
  network,
  batch,
  dispatches,
  movedBytes,
  bytes,
}: PlannedStep): Record<string, string> {
  return {
    network: `${network} × ${batch}`,
    dispatches: `${dispatches}`,
    'moved MB': (movedBytes / 1e6).toFixed(0),
    'memory MB': (bytes / 1e6).toFixed(0),
  };
}

/** Rows as aligned text. */
export function textTable(rows: Record<string, string>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((line) => names.map((name) => line[name]!))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = (line: string[]) => line.map((cell, column) => cell.padStart(widths[column]!)).join('  ');
  return lines.map(text).join('\n');
}

/** Rows as a Markdown table. */
export function markdownTable(rows: Record<string, string>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(names),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((name) => row[name]!))),
  ].join('\n');
}
