import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Study } from '../../src/lab/study/study';
import { smallStudy } from '../support/small-study';
import { timeless } from '../support/timeless';

/** Real processes: what no test inside one process can show. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin', 'lethe.mjs');
const recipe = { epochs: 4, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };
const unlearn = { epochs: 4, lr: 0.1, batch: 16 };
const STUDY: Study = {
  ...smallStudy,
  pretrain: recipe,
  oracle: { ...recipe, epochs: 1 },
  runs: [
    { strategy: 'del', method: 'reset-finetune', alpha: 0.3, seed: 0, unlearn },
    { strategy: 'full', method: 'scrub', alpha: 1, seed: 0, unlearn },
  ],
};

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const lethe = (...argv: string[]) => promisify(execFile)(process.execPath, [program, ...argv], { cwd: root });
const resultIn = (name: string) => JSON.parse(readFileSync(at(name, 'result.json'), 'utf8'));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-processes-'));
  writeFileSync(at('study.json'), JSON.stringify(STUDY));
  // Also builds the command line once, before several processes want it.
  await lethe('run', at('study.json'), '--out', at('whole'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectSameAsWhole(name: string): void {
  expect(timeless(resultIn(name))).toEqual(timeless(resultIn('whole')));
  const files = readdirSync(at('whole')).filter((file) => file.endsWith('.safetensors'));
  expect(files.length).toBeGreaterThanOrEqual(6);
  for (const file of files)
    expect(readFileSync(at(name, file)).equals(readFileSync(at('whole', file))), file).toBe(true);
}

/** Kills the process, with no chance to say goodbye, as soon as `ready` holds. @returns whether it was still at work. */
async function killWhen(child: ChildProcess, ready: () => boolean): Promise<boolean> {
  const ended = new Promise<string | null>((resolve) => {
    child.on('exit', (_, signal) => resolve(signal));
  });
  const timer = setInterval(() => ready() && child.kill('SIGKILL'), 2);
  const signal = await ended;
  clearInterval(timer);
  return signal === 'SIGKILL';
}

test('a process killed amid training and amid each unlearning ends with the same bits', async () => {
  const states = () => {
    const place = at('killed', 'artifacts');
    return existsSync(place) ? readdirSync(place).filter((file) => file.endsWith('.state.lethe')) : [];
  };
  for (const part of ['original-s0', 'del-reset-finetune-a0.3-s0', 'full-scrub-a1-s0']) {
    const argv = ['run', at('study.json'), '--out', at('killed'), '--only', part, '--checkpoint', '0'];
    const child = spawn(process.execPath, [program, ...argv], { cwd: root, stdio: 'ignore' });
    expect(await killWhen(child, () => states().length > 0), part).toBe(true);
    expect(states(), part).toHaveLength(1);
    expect(existsSync(at('killed', 'parts', `${part}.json`))).toBe(false);
    await lethe(...argv);
    expect(states(), part).toEqual([]);
  }
  await lethe('run', '--out', at('killed'), '--only', 'oracle-s0');
  await lethe('merge', at('killed'), '--out', at('killed'));
  expectSameAsWhole('killed');
});

test('the example with two processes makes the result of one', async () => {
  const env = { ...process.env, LETHE: `${process.execPath} ${program}` };
  const script = join(root, 'examples', 'gnu-parallel.sh');
  await promisify(execFile)(script, [at('study.json'), at('two'), '2'], { cwd: root, env });
  expect(readdirSync(at('two', 'parts'))).toHaveLength(4);
  expectSameAsWhole('two');
  // Folders of several machines: the parts and files of two, joined in a third.
  for (const [name, parts] of [
    ['one-machine', ['original-s0', 'oracle-s0']],
    ['another', ['del-reset-finetune-a0.3-s0', 'full-scrub-a1-s0']],
  ] as const) {
    const only = parts.flatMap((part) => ['--only', part]);
    await lethe('run', at('study.json'), '--out', at(name), ...only);
  }
  await expect(lethe('merge', at('another'), '--out', at('joined'))).rejects.toThrow(/missing: original-s0/);
  await lethe('merge', at('one-machine'), at('another'), '--out', at('joined'));
  expectSameAsWhole('joined');
});
