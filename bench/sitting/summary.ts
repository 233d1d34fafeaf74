import { join } from 'node:path';
import { writeWhole } from '../../src/lab/store/node';
import type { DeviceDescription } from '../../src/lab/study/result';
import { markdownTable, reportRow } from '../report';
import { writeJson } from './files';
import type { NetworkFound } from './network-found';
import type { StepRecord } from './step';

export interface Summary {
  /** Version of Lethe. */
  version: string;
  adapter: DeviceDescription;
  /** How its driver was found. */
  driver: string;
  host: { processors: number; node: string };
  started: string;
  minutes: number;
  steps: StepRecord[];
}

const whole = (seconds: number) => (seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0));
const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** The summary as Markdown: a line for each step, and the table of the networks. */
export function summaryText(summary: Summary): string {
  const { version, adapter, driver, host, started, minutes, steps } = summary;
  const rows = steps.map(({ title, status, seconds, limit, reason, told }) => ({
    step: title,
    'how it ended': status,
    seconds: whole(seconds),
    'of at most': limit === undefined ? '–' : whole(limit),
    'what came out': cell([told, reason].filter(Boolean).join(' ')) || '–',
  }));
  const networks = steps.flatMap(({ id, found }) =>
    id.startsWith('bench-') && found ? [reportRow((found as NetworkFound).result)] : [],
  );
  const day = started.slice(0, 16).replace('T', ' ');
  return [
    `# A sitting on ${adapter.label}`,
    '',
    `Lethe ${version}, ${day} UTC, at most ${minutes} minutes; ${host.processors} processors, Node ${host.node}; driver found by: ${driver}.`,
    '',
    markdownTable(rows),
    ...(networks.length > 0
      ? ['', '## Networks', '', 'Columns are explained in docs/engine.md.', '', markdownTable(networks)]
      : []),
    '',
  ].join('\n');
}

/** Writes `summary.json` and `summary.md`, each as a whole. */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  await writeJson(join(folder, 'summary.json'), summary);
  await writeWhole(join(folder, 'summary.md'), summaryText(summary), 'there');
}
