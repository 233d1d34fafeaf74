import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Summary } from '../../bench/sitting/summary';

const out = mkdtempSync(join(tmpdir(), 'lethe-sitting-'));
afterAll(() => rmSync(out, { recursive: true }));

/** Runs the sitting as `npm run sitting` does. */
function sitting(...args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, ['scripts/sitting.mjs', '--out', out, ...args], { stdio: 'ignore' });
  return new Promise((resolve) => child.on('close', resolve));
}
const summary = (): Summary => JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));

test('a sitting: writes what it finds, says what does not fit, and repeats nothing that is done', async () => {
  // The others need more time than there is.
  expect(await sitting('--only', 'device,bench-resnet8,pytorch', '--minutes', '0.2')).toBe(0);
  const { adapter, steps } = summary();
  expect(steps.map(({ id, status }) => `${id}: ${status}`)).toEqual([
    'device: done',
    'bench-resnet8: left out',
    'pytorch: left out',
  ]);
  const device = JSON.parse(readFileSync(join(out, 'device.json'), 'utf8'));
  expect(device.adapter).toEqual(adapter);
  expect(device.limits.maxBufferSize).toBeGreaterThan(2 ** 20);
  expect(readFileSync(join(out, 'summary.md'), 'utf8')).toMatch(/\| Device and limits \| done \|/);
  // What is done is not repeated, nor lost.
  rmSync(join(out, 'device.json'));
  expect(await sitting('--only', 'device', '--resume')).toBe(0);
  expect(existsSync(join(out, 'device.json'))).toBe(false);
  expect(summary().steps).toEqual(steps);
});
