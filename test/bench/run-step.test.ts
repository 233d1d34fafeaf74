import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readJson } from '../../bench/sitting/files';
import { failureOf, runCommands } from '../../bench/sitting/run-step';
import { runStep } from '../../bench/sitting/sitting';
import { anyStep, type Command, type Place } from '../../bench/sitting/step';

const folder = mkdtempSync(join(tmpdir(), 'lethe-sitting-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node = (script: string): Command => ({ program: process.execPath, args: ['-e', script] });
const log = join(folder, 'step.log');
const run = (commands: Command[], seconds = 60, more: Partial<Parameters<typeof runCommands>[2]> = {}) =>
  runCommands(commands, seconds, { cwd: folder, env: process.env, log, grace: 0.1, ...more });

test('step of a sitting: commands run one after the other, and what they write goes to its log', async () => {
  const lines: string[] = [];
  const { status } = await run([node('console.log("one")'), node('console.error("two")')], 60, {
    onLine: (line) => lines.push(line),
  });
  expect(status).toBe('done');
  expect(readFileSync(log, 'utf8')).toBe('one\ntwo\n');
  expect(lines).toEqual(['one', 'two']);
});

test('step of a sitting: a crash ends it with the error’s own words, and the commands after it do not run', async () => {
  const ending = await run([node('throw new Error("The device was lost.")'), node('console.log("never")')]);
  expect(ending).toMatchObject({
    status: 'failed',
    reason: 'It ended with exit code 1: The device was lost.',
  });
  expect(readFileSync(log, 'utf8')).not.toContain('never');
});

test('step of a sitting: a program that is not there is said', async () => {
  const { status, reason } = await run([{ program: join(folder, 'none'), args: [] }]);
  expect(status).toBe('failed');
  expect(reason).toMatch(/^It could not be started: .*ENOENT\.$/);
});

test('step of a sitting: one that hangs is ended by its limit', async () => {
  const ending = await run([node('setInterval(() => {}, 1000)')], 0.2);
  expect(ending).toMatchObject({ status: 'cut', reason: 'It was ended after its 0 seconds.' });
});

test('step of a sitting: what ignores the request to end is ended by force, with all that it has started', async () => {
  const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
  const parent = `const { pid } = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(deaf)}], { stdio: "ignore" });
    console.log(pid); ${deaf}`;
  const interrupt = new AbortController();
  const ending = await run([node(parent)], 60, { onLine: () => interrupt.abort(), signal: interrupt.signal });
  expect(ending.status).toBe('stopped');
  const pid = Number(readFileSync(log, 'utf8'));
  expect(pid).toBeGreaterThan(0);
  await expect.poll(() => isRunning(pid)).toBe(false);
});

test('step of a sitting: what was found before the end is told, and one without time or means is left out with the reason', async () => {
  const place: Place = {
    root: folder,
    out: folder,
    work: folder,
    probe: '',
    adapter: { label: 'GPU', vendor: '', architecture: '', software: false, backend: 'webgpu' },
    found: {},
  };
  const result = join(folder, 'half.json');
  const half = anyStep({
    id: 'half',
    title: 'Half',
    share: 1,
    least: 1,
    needs: [],
    commands: (_: Place, seconds: number) =>
      seconds > 1000
        ? 'There is no reason to.'
        : [
            node(
              `const fs = require("fs"); fs.writeFileSync(${JSON.stringify(`${result}.draft`)}, "[1]"); fs.renameSync(${JSON.stringify(`${result}.draft`)}, ${JSON.stringify(result)}); setInterval(() => {}, 1000)`,
            ),
          ],
    collect: () => readJson<number[]>(result),
    tell: (found: number[]) => `${found.length} number.`,
  });
  const interrupt = new AbortController();
  const take = (limit?: number) => runStep(half, limit, 0, place, process.env, interrupt.signal, () => {});
  const taking = take(60);
  await expect.poll(() => existsSync(result)).toBe(true);
  interrupt.abort();
  expect(await taking).toMatchObject({ status: 'cut', told: '1 number.', found: [1], limit: 60 });
  expect(await take(2000)).toMatchObject({ status: 'left out', reason: 'There is no reason to.' });
  expect(await take()).toMatchObject({ status: 'left out', reason: '0 seconds are left, and it needs 1.' });
});

test('step of a sitting: what a process said of its failure is found before the stack trace', () => {
  expect(failureOf(['file:///a.mjs:1', 'LetheError: No adapter.', 'at x (a.mjs:1)', 'Node.js v20'], 1)).toBe(
    'It ended with exit code 1: No adapter.',
  );
  expect(failureOf(['[1/3] data', 'lethe: There is no preset "x".'], 2)).toBe(
    'It ended with exit code 2: There is no preset "x".',
  );
  expect(failureOf([], 'SIGSEGV')).toBe('It ended by SIGSEGV and said nothing.');
});

/** Whether the process is there and not only waits to be collected by its parent. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
