import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';
import { endWhen, program, root } from '../support/processes';
import { timelessText } from '../support/timeless';

/** What goes wrong around a study that is at work, in processes of their own. */
const STUDY = join(root, 'test/cases/faults/lost-gradient/mem3.json');
/** The order of its models' trainings does not matter here: three of them are enough. */
const FEWER = ['--set', 'forget.settings.models=3', '--set', 'forget.settings.epochs=1'];

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const lethe = (argv: string[]) => promisify(execFile)(process.execPath, [program, ...argv], { cwd: root });
const start = (argv: string[]) => spawn(process.execPath, [program, ...argv], { cwd: root });

/** Every file of a folder of results by name; the result without dates and seconds. */
function filesIn(name: string): Record<string, string> {
  const names = readdirSync(at(name)).filter((file) => /\.(json|safetensors)$/.test(file));
  const read = (file: string) => {
    const bytes = readFileSync(at(name, file));
    return file === 'result.json' ? timelessText(bytes.toString()) : bytes.toString('base64');
  };
  return Object.fromEntries(names.map((file) => [file, read(file)]));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-faults-'));
  await lethe(['run', STUDY, ...FEWER, '--out', at('whole')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('lethe run --resume: artifacts that are lost or damaged are made again: every file of the results is the same', async () => {
  const whole = filesIn('whole');
  const scores = Object.keys(whole).filter((name) => name.endsWith('.scores.safetensors'));
  expect(scores).toHaveLength(1);
  const tensors = Object.keys(decodeSafetensors(readFileSync(at('whole', scores[0]!))));
  expect(tensors.some((name) => name.startsWith('G.'))).toBe(true);
  const artifacts = readdirSync(at('whole', 'artifacts'));
  const kept = artifacts.map((name) => [name, readFileSync(at('whole', 'artifacts', name))] as const);
  // One by one costs minutes; in session.test.ts that is done without a device. Here every second one, then the others.
  for (const odd of [0, 1]) {
    for (const [i, [name]] of kept.entries()) if (i % 2 === odd) rmSync(at('whole', 'artifacts', name));
    for (const name of ['result.json', ...scores]) rmSync(at('whole', name));
    await lethe(['run', '--resume', '--out', at('whole')]);
    expect(filesIn('whole')).toEqual(whole);
  }
});

test.each([
  ['the folder', () => renameSync(at('moved'), at('moved-away')), /was removed while its study ran/],
  [
    'study.json',
    () => rmSync(at('moved', 'study.json')),
    /study\.json was removed while its study ran: lethe run/,
  ],
])('lethe run: %s goes away in mid-run: it is said, and the study ends', async (_, remove, what) => {
  for (const name of ['moved', 'moved-away']) rmSync(at(name), { recursive: true, force: true });
  const child = start(['run', STUDY, ...FEWER, '--out', at('moved')]);
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  while (!said.includes('subset')) await new Promise((resolve) => setTimeout(resolve, 5));
  remove();
  expect(await ended, said).toBe(2);
  expect(said).toMatch(what);
  expect(said).not.toContain('    at ');
  // It does not come back half empty, and no result stands there under no name.
  expect(existsSync(at('moved', 'result.json'))).toBe(false);
  if (existsSync(at('moved-away'))) expect(existsSync(at('moved'))).toBe(false);
});

test('lethe run: killed at any moment, again and again, a study ends with the same bytes and nothing half-written', async () => {
  const argv = ['run', STUDY, ...FEWER, '--out', at('killed'), '--checkpoint', '0'];
  const moments = [300, 700, 1100, 1500, 2000, 2600];
  for (const moment of moments) {
    const resume = existsSync(at('killed', 'study.json')) ? ['--resume'] : [];
    const from = performance.now();
    const how = await endWhen(
      start([...argv, ...resume]),
      () => performance.now() - from > moment,
      'SIGKILL',
    );
    expect(['SIGKILL', 0]).toContain(how);
  }
  await lethe([...argv, '--resume']);
  expect(filesIn('killed')).toEqual(filesIn('whole'));
  const left = readdirSync(at('killed'), { recursive: true }).map(String);
  expect(left.filter((name) => /\.(draft|lock|state\.lethe)$/.test(name))).toEqual([]);
});
