import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataHost } from '../../src/cli/data-host';
import { writeManifest } from '../../src/lab/data/shards';
import { cifar10 } from '../../src/lab/data/sources/cifar10';
import { planStudy } from '../../src/lab/plan/plan-study';
import { registries } from '../../src/lab/session/all-registries';
import { folderLocks } from '../../src/lab/store/node-locks';
import type { Study } from '../../src/lab/study/study';
import { endWhen, program, root, untilSaid } from '../support/processes';
import { readPublic } from '../support/read-public';
import { smallNetwork, smallStudy } from '../support/small-study';
import { keepShards } from '../support/stored-set';
import { timelessText, withoutTimes } from '../support/timeless';

/** Real processes: what no test inside one process can show. */
const recipe = { epochs: 4, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };
const unlearn = { epochs: 4, lr: 0.1, batch: 16 };
const STUDY: Study = {
  ...smallStudy,
  // Only a set that is kept in the cache can also be streamed.
  data: { ...smallStudy.data, source: cifar10.id },
  model: smallNetwork(3),
  pretrain: recipe,
  oracle: { ...recipe, epochs: 1 },
  runs: [
    { strategy: 'del', method: 'reset-finetune', alpha: 0.3, seed: 0, unlearn },
    { strategy: 'full', method: 'scrub', alpha: 1, seed: 0, unlearn },
  ],
};

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
/** The processes' environment. */
const environment = (memory?: string) => ({
  ...process.env,
  LETHE_CACHE: at('cache'),
  LETHE_DATA_MEMORY: memory,
});
const lethe = (argv: string[], env = environment()) =>
  promisify(execFile)(process.execPath, [program, ...argv], { cwd: root, env });
const resultTextIn = (name: string) => readFileSync(at(name, 'result.json'), 'utf8');
const resultIn = (name: string) => JSON.parse(resultTextIn(name));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-processes-'));
  writeFileSync(at('study.json'), JSON.stringify(STUDY));
  const { cache } = openDataHost(environment());
  const counts = { train: [STUDY.data.train], test: [STUDY.data.test] };
  const noise = { ...cifar10, set: 'cifar10.0b271498', file: { train: 0, test: 1 } };
  await writeManifest(cache, noise.set, await keepShards(cache, counts, noise));
  // Also builds the command line, once, before several processes would each build it.
  await lethe(['run', at('study.json'), '--out', at('whole')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectSameAsWhole(name: string): void {
  expect(withoutTimes(resultIn(name))).toEqual(withoutTimes(resultIn('whole')));
  // To the byte, the order of the fields too, whoever wrote it.
  expect(timelessText(resultTextIn(name))).toBe(timelessText(resultTextIn('whole')));
  const files = readdirSync(at('whole')).filter((file) => file.endsWith('.safetensors'));
  expect(files.length).toBeGreaterThanOrEqual(6);
  for (const file of files)
    expect(readFileSync(at(name, file)).equals(readFileSync(at('whole', file))), file).toBe(true);
}

/** The training states that a folder holds. */
function statesIn(name: string): string[] {
  const place = at(name, 'artifacts');
  return existsSync(place) ? readdirSync(place).filter((file) => file.endsWith('.state.lethe')) : [];
}

// Both are compared with the uninterrupted study, which has its images in memory.
test.each([
  ['resident', undefined],
  ['streamed', '0'],
])(
  'lethe run --only: killed during training and during each unlearning, it ends with the same bits (%s images)',
  async (kind, memory) => {
    const name = `killed-${kind}`;
    const env = environment(memory);
    const { images } = (await cifar10.load(STUDY.data, readPublic, { host: openDataHost(env) })).train;
    expect(images instanceof Uint8Array).toBe(kind === 'resident');
    const states = () => statesIn(name);
    for (const part of ['original-s0', 'del-reset-finetune-a0.3-s0', 'full-scrub-a1-s0']) {
      const argv = ['run', at('study.json'), '--out', at(name), '--only', part, '--checkpoint', '0'];
      const child = spawn(process.execPath, [program, ...argv], { cwd: root, env, stdio: 'ignore' });
      // SIGKILL gives the process no chance to save anything.
      expect(await endWhen(child, () => states().length > 0, 'SIGKILL'), part).toBe('SIGKILL');
      expect(states(), part).toHaveLength(1);
      expect(existsSync(at(name, 'parts', `${part}.json`))).toBe(false);
      await lethe(argv, env);
      expect(states(), part).toEqual([]);
    }
    for (const part of ['oracle-s0', 'compare-s0'])
      await lethe(['run', '--out', at(name), '--only', part], env);
    await lethe(['merge', at(name), '--out', at(name)]);
    expectSameAsWhole(name);
  },
);

test('lethe run: SIGTERM, a closed terminal, then Ctrl-C keep the step in hand, and the study ends with the same bits', async () => {
  const log = at('stopped', 'progress', 'study.jsonl');
  const study = [at('study.json'), '--out', at('stopped')];
  for (const [signal, code, stage] of [
    ['SIGTERM', 143, 'pretrain'],
    ['SIGHUP', 129, 'oracle'],
    ['SIGINT', 130, 'unlearn'],
  ] as const) {
    const argv = ['run', ...study, ...(stage === 'pretrain' ? [] : ['--resume']), '--checkpoint', '3600'];
    const child = spawn(process.execPath, [program, ...argv], { cwd: root, env: environment() });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    // Once the stage's curves have begun it is in the midst of its steps.
    const begun = new RegExp(`"type":"series","ref":{[^}]*"stage":"${stage}"`);
    const ready = () => existsSync(log) && begun.test(readFileSync(log, 'utf8'));
    expect(await endWhen(child, ready, signal), said).toBe(code);
    expect(said).toMatch(
      new RegExp(`^lethe: Stopped; lethe run --resume --out ${at('stopped')} goes on from here\\.$`, 'm'),
    );
    expect(statesIn('stopped')).toHaveLength(1);
  }
  await lethe(['run', '--resume', '--out', at('stopped')]);
  expectSameAsWhole('stopped');
});

test('lethe merge: two processes, or two machines, make the result of one', async () => {
  const env = { ...environment(), LETHE: `${process.execPath} ${program}` };
  const script = join(root, 'examples', 'gnu-parallel.sh');
  await promisify(execFile)(script, [at('study.json'), at('two'), '2'], { cwd: root, env });
  expect(readdirSync(at('two', 'parts'))).toHaveLength(5);
  expectSameAsWhole('two');
  // Two folders, as of two machines, are merged into a third.
  for (const [name, parts] of [
    ['one-machine', ['original-s0', 'oracle-s0']],
    ['another', ['del-reset-finetune-a0.3-s0', 'full-scrub-a1-s0', 'compare-s0']],
  ] as const) {
    const only = parts.flatMap((part) => ['--only', part]);
    await lethe(['run', at('study.json'), '--out', at(name), ...only]);
  }
  await expect(lethe(['merge', at('another'), '--out', at('joined')])).rejects.toThrow(
    /missing: original-s0/,
  );
  await lethe(['merge', at('one-machine'), at('another'), '--out', at('joined')]);
  expectSameAsWhole('joined');
});

test('lethe run --only: two processes that lack the same original: one trains it, the other says that it waits', async () => {
  const { pretrain } = planStudy(STUDY, registries).seeds.get(0)!;
  let both: ReturnType<typeof lethe>[] = [];
  // The original trains in a moment, so the test is at it first: both find it taken, whichever starts sooner.
  await folderLocks(at('prerequisite', 'artifacts')).hold(pretrain, async () => {
    both = ['del-reset-finetune-a0.3-s0', 'full-scrub-a1-s0'].map((part) =>
      lethe(['run', at('study.json'), '--out', at('prerequisite'), '--only', part]),
    );
    await Promise.all(
      both.map(({ child }) =>
        untilSaid(child, /pretrain \(seed 0\): waiting for another process that is at it/),
      ),
    );
  });
  const said = (await Promise.all(both)).map(({ stderr }) => stderr);
  const trained = said.filter((text) => /^\[\d+\/\d+\] pretrain \(seed 0\): \d/m.test(text));
  expect(trained, said.join('\n')).toHaveLength(1);
  const other = said.find((text) => text !== trained[0])!;
  expect(other).toMatch(/pretrain \(seed 0\): from the cache/);
  for (const part of ['original-s0', 'oracle-s0', 'compare-s0'])
    await lethe(['run', '--out', at('prerequisite'), '--only', part]);
  await lethe(['merge', at('prerequisite'), '--out', at('prerequisite')]);
  expectSameAsWhole('prerequisite');
  expect(readdirSync(at('prerequisite', 'artifacts')).filter((name) => !name.endsWith('.lethe'))).toEqual([]);
});
