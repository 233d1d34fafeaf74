import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesOf } from '../../src/cli/result-files';
import { planStudy } from '../../src/lab/plan/plan-study';
import { registries } from '../../src/lab/session/all-registries';
import { folderLocks } from '../../src/lab/store/node-locks';
import { parseResult } from '../../src/lab/study/parse-result';
import { lethe } from '../support/lethe';
import { readPublic } from '../support/read-public';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lethe-folder-')), 'out');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');
const CASES = 'test/cases/faults/two-studies-one-folder';
const [mem3, short] = [`${CASES}/mem3.json`, `${CASES}/short.json`];

/** A folder with a finished study, as far as can be seen from outside. */
async function finish(): Promise<string> {
  mkdirSync(folder);
  const recorded = JSON.parse(new TextDecoder().decode(await readPublic('recorded/quickstart.json')));
  const parsed = parseResult(recorded);
  if (!parsed.ok) throw new Error(parsed.problem);
  const { result } = parsed;
  writeFileSync(at('study.json'), JSON.stringify(result.study));
  writeFileSync(at('result.json'), JSON.stringify(result));
  for (const { name } of filesOf(planStudy(result.study, registries), result)) writeFileSync(at(name), name);
  return at('study.json');
}

/** Everything in the folder but artifacts. */
const contents = () =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name !== 'artifacts')
      .map((name) => [name, read(name)]),
  );

test.each([
  ['run', short, '--resume'],
  ['run', short],
  ['run', short, '--only', 'original-s0'],
  ['run', '--resume', '--set', 'pretrain.epochs=9'],
  ['plan', short],
])(
  'a folder holds one study: a second one is refused, and changes nothing: lethe %s %s %s',
  async (...argv) => {
    expect((await lethe(['plan', mem3, '--out', folder])).code).toBe(0);
    const before = contents();
    const { code, stderr } = await lethe([...argv, '--out', folder]);
    expect([code, stderr]).toEqual([
      2,
      `lethe: ${folder} holds another study: give another --out, or remove it first.\n`,
    ]);
    expect(contents()).toEqual(before);
  },
);

test('result folder: the result of another study is not overwritten either, where its study.json is gone', async () => {
  await finish();
  rmSync(at('study.json'));
  const before = contents();
  for (const argv of [
    ['run', short],
    ['plan', short],
  ]) {
    const { code, stderr } = await lethe([...argv, '--out', folder]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('holds another study')]);
  }
  expect(contents()).toEqual(before);
});

test('result folder: a finished study that is asked for again is left as it is, and one that lacks a file is not taken for finished', async () => {
  const study = await finish();
  const before = contents();
  const again = await lethe(['run', study, '--out', folder]);
  expect([again.code, again.stderr]).toEqual([
    0,
    expect.stringMatching(/finished on 20\d\d-.*nothing is left to do/),
  ]);
  expect(contents()).toEqual(before);

  rmSync(at('oracle-s0.safetensors'));
  const lacking = await lethe(['run', study, '--out', folder]);
  expect([lacking.code, lacking.stderr]).toEqual([
    2,
    `lethe: ${folder} holds a finished study that lacks oracle-s0.safetensors: add --resume to go on, or give another --out.\n`,
  ]);
  writeFileSync(at('result.json'), '{"lethe":1');
  const damaged = await lethe(['run', study, '--out', folder]);
  expect([damaged.code, damaged.stderr]).toEqual([2, expect.stringContaining('holds an unfinished study')]);
});

test('result folder: one process at a time does a whole study in a folder; the second says who is at it, at once', async () => {
  await folderLocks(folder).hold('run', async () => {
    const { code, stderr } = await lethe(['run', mem3, '--out', folder]);
    expect([code, stderr]).toEqual([
      2,
      `lethe: Another process (${process.pid}) is at work in ${folder}: wait until it is done, or give another --out.\n`,
    ]);
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('lethe: an empty --out is no folder', async () => {
  for (const command of ['run', 'plan', 'merge'])
    expect(await lethe([command, 'micro', '--out', ''])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^lethe: --out needs a value: DIR/),
    });
});

test('result folder: what killed processes left half-written goes away when a study begins', async () => {
  mkdirSync(at('parts'), { recursive: true });
  const long = new Date(Date.now() - 2 * 3_600_000);
  for (const name of ['result.json.0123.draft', 'parts/original-s0.json.4567.draft']) {
    writeFileSync(at(name), '{');
    utimesSync(at(name), long, long);
  }
  await lethe(['plan', mem3, '--out', folder]);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['artifacts', 'parts', 'study.json']);
});
