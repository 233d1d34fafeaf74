import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseResult } from '../../src/lab/study/parse-result';
import type { StudyResult } from '../../src/lab/study/result';
import type { Study } from '../../src/lab/study/study';
import { endWhen, program, root } from '../support/processes';
import { smallNetwork, smallStudy } from '../support/small-study';
import { timelessText } from '../support/timeless';

/** Tuned runs by real processes, killed, resumed and shared, to the byte. */
const recipe = { epochs: 4, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };
const STUDY: Study = {
  ...smallStudy,
  model: smallNetwork(1),
  pretrain: recipe,
  oracle: recipe,
  runs: [
    {
      strategy: 'del',
      method: 'reset-finetune',
      alpha: 0.3,
      seed: [0, 1],
      unlearn: { epochs: 4, lr: [0.1, 0.002], batch: 16 },
      select: { by: 'gap', seed: 1000 },
    },
    { strategy: 'full', method: 'finetune', alpha: 1, seed: 0, unlearn: { epochs: 1, lr: [0.1, 0.01] } },
  ],
};
const CANDIDATES = ['c1', 'c2'].map((id) => `del-reset-finetune-a0.3-s1000-${id}`);
const RUNS = [
  ...['del-reset-finetune-a0.3-s0', 'del-reset-finetune-a0.3-s1'],
  ...['full-finetune-a1-lr0.1-s0', 'full-finetune-a1-lr0.01-s0'],
];

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const environment = { ...process.env, LETHE: `${process.execPath} ${program}` };
const lethe = (...argv: string[]) =>
  promisify(execFile)(process.execPath, [program, ...argv], { cwd: root, env: environment });
const textIn = (name: string) => readFileSync(at(name, 'result.json'), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-tuning-'));
  writeFileSync(at('study.json'), JSON.stringify(STUDY));
  // Also builds the command line, once.
  await lethe('run', at('study.json'), '--out', at('whole'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectSameAsWhole(name: string): void {
  expect(timelessText(textIn(name))).toBe(timelessText(textIn('whole')));
  const files = readdirSync(at('whole')).filter((file) => file.endsWith('.safetensors'));
  expect(readdirSync(at(name)).filter((file) => file.endsWith('.safetensors'))).toEqual(files);
  for (const file of files)
    expect(readFileSync(at(name, file)).equals(readFileSync(at('whole', file))), file).toBe(true);
}

test('lethe run: a tuned run says what was chosen among what, in its result and its report', async () => {
  const parsed = parseResult(JSON.parse(textIn('whole'))) as { result: StudyResult; problems: string[] };
  expect(parsed.problems).toEqual([]);
  const { tuned, runs } = parsed.result;
  expect(runs.map(({ id }) => id)).toEqual(RUNS);
  const [{ candidates, winner }] = tuned as [NonNullable<StudyResult['tuned']>[number]];
  expect(candidates.map(({ id }) => id)).toEqual(CANDIDATES);
  for (const { gap, deltas } of candidates) {
    const { forgetAccuracy, mia, testAccuracy } = deltas!;
    const sizes = [forgetAccuracy, mia, testAccuracy].map((delta) => Math.abs(delta!));
    expect(gap).toBeCloseTo((sizes[0]! + sizes[1]! + sizes[2]!) / 3, 9);
  }
  // The second, so that what stands in for the winner before it is known cannot pass for it.
  expect(winner).toBe(1);
  expect(runs.map(({ tuned: chosen }) => chosen?.unlearn.lr)).toEqual([0.002, 0.002, undefined, undefined]);
  const files = readdirSync(at('whole')).filter((file) => file.endsWith('.safetensors'));
  expect(files.filter((file) => /1000/.test(file))).toEqual([]);
  await lethe('report', at('whole'), '--out', at('report.md'));
  const report = readFileSync(at('report.md'), 'utf8');
  expect(report).toMatch(
    /- Tuned: del-reset-finetune-a0\.3-s0, del-reset-finetune-a0\.3-s1: lr 0\.002, the best of 2 candidates on seed 1000 by the gap to the oracle in points: lr 0\.1: [\d.]+; lr 0\.002: [\d.]+\./,
  );
  expect(report).toContain('The runs did not get the same number of candidates');
});

test('lethe run: killed in a candidate and in what its selection decides, it ends with the same bytes', async () => {
  const log = at('killed', 'progress', 'study.jsonl');
  const [, second] = CANDIDATES;
  for (const [at0, run] of [
    [[], second],
    [['--resume'], RUNS[1]],
  ] as const) {
    const argv = ['run', at('study.json'), '--out', at('killed'), ...at0, '--checkpoint', '0'];
    const child = spawn(process.execPath, [program, ...argv], { cwd: root, stdio: 'ignore' });
    const begun = new RegExp(`"type":"series","ref":{[^}]*"stage":"unlearn"[^}]*"runs":\\["${run}"`);
    const ready = () => existsSync(log) && begun.test(readFileSync(log, 'utf8'));
    expect(await endWhen(child, ready, 'SIGKILL'), run).toBe('SIGKILL');
  }
  const { stderr } = await lethe('run', '--resume', '--out', at('killed'));
  expectSameAsWhole('killed');
  // What only leads to a selection that was made is not looked at again.
  expect(stderr).not.toContain('-c1');
  expect(stderr).toMatch(/select \(seed 1000\): from the cache/);
});

test('lethe plan: two processes, candidates first, make the result of one', async () => {
  const { stdout } = await lethe('plan', at('study.json'), '--out', at('planned'), '--json');
  const { parts } = JSON.parse(stdout) as { parts: { id: string; step: number }[] };
  const step = (id: string) => parts.find((part) => part.id === id)!.step;
  expect([
    step('original-s1000'),
    step(CANDIDATES[0]!),
    step('oracle-s1000'),
    step(RUNS[0]!),
    step(RUNS[2]!),
  ]).toEqual([1, 2, 2, 3, 2]);
  const script = join(root, 'examples', 'gnu-parallel.sh');
  await promisify(execFile)(script, [at('study.json'), at('two'), '2'], { cwd: root, env: environment });
  expect(readdirSync(at('two', 'parts'))).toHaveLength(parts.length);
  expectSameAsWhole('two');
  // Another machine that has nothing makes its own selection.
  await lethe('run', at('study.json'), '--out', at('alone'), '--only', RUNS[1]!);
  const part = (name: string) => timelessText(readFileSync(at(name, 'parts', `${RUNS[1]}.json`), 'utf8'));
  expect(part('alone')).toBe(part('two'));
});
