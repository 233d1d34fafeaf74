import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { tilingNamed } from '../../src/lab/gpu/conv/tilings';
import { parseResult } from '../../src/lab/study/parse-result';
import type { Study } from '../../src/lab/study/study';
import { lethe } from '../support/lethe';
import { smallStudy } from '../support/small-study';
import { timelessText } from '../support/timeless';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-tilings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const recipe = { epochs: 1, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };
const study: Study = {
  ...smallStudy,
  compare: false,
  pretrain: recipe,
  oracle: recipe,
  runs: [
    { strategy: 'magnitude', method: 'finetune', alpha: 0.1, seed: 0, unlearn: { epochs: 1, batch: 16 } },
  ],
};

/** Runs the study into a folder of its own. @returns the text of its result */
async function run(name: string, tilings: string): Promise<string> {
  const file = join(folder, 'study.json');
  writeFileSync(file, JSON.stringify(study));
  const out = join(folder, name);
  const { code, stderr } = await lethe(['run', file, '--out', out, '--tilings', tilings]);
  expect(code, stderr).toBe(0);
  return readFileSync(join(out, 'result.json'), 'utf8');
}

test('a forced trial: its choice is told, listed, and gives the same bytes when it is given again', async () => {
  vi.stubEnv('LETHE_CACHE', join(folder, 'cache'));
  const tried = await run('tried', 'trial');
  const parsed = parseResult(JSON.parse(tried));
  if (!parsed.ok) throw new Error(parsed.problem);
  const { tilings } = parsed.result.device;
  expect(Object.values(tilings!).length).toBeGreaterThan(5);
  expect(Object.values(tilings!).every(tilingNamed)).toBe(true);
  const { stdout } = await lethe(['devices']);
  // A slow compiler leaves the trial no time for some classes, of which nothing is kept.
  for (const [name, tiling] of Object.entries(tilings!))
    if (stdout.includes(`${name}: `)) expect(stdout).toContain(`${name}: ${tiling}`);
  const again = await run('again', join(folder, 'tried', 'result.json'));
  expect(timelessText(again)).toBe(timelessText(tried));
});

test('what is no choice of tilings is refused in a sentence', async () => {
  const file = join(folder, 'study.json');
  writeFileSync(file, JSON.stringify(study));
  const none = join(folder, 'none.json');
  writeFileSync(none, JSON.stringify({ 'forward m1024 n32 k128 x4': '7x7' }));
  const refused = async (tilings: string) =>
    (await lethe(['run', file, '--out', join(folder, 'refused'), '--tilings', tilings])).stderr;
  expect(await refused('fast')).toContain('--tilings takes auto, default, trial or a result.json, not fast.');
  expect(await refused(none)).toContain('the tiling 7x7, which is not known here.');
});
