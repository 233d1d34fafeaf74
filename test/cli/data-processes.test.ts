import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { build, mergeConfig } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeOnThread } from '../../src/cli/decode-sharp';
import { nodeDecoder } from '../../src/cli/decoder';
import { LetheError } from '../../src/lab/settings';
import command from '../../vite.cli.config';
import { parquetFile, picture, png, serveFiles, withRanges } from '../support/data-files';

/** Tests that need real processes and threads, built like the command line. */
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-processes-'));
  const input = { 'load-hub': 'test/support/load-hub.ts' };
  await build(
    mergeConfig(command, {
      configFile: false,
      root,
      logLevel: 'error',
      build: { outDir: join(folder, 'built'), emptyOutDir: true, rolldownOptions: { input } },
    }),
  );
  // Dawn and sharp are not bundled, so they must be found from the folder of the build.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // A build takes seconds on an idle machine but much longer on a busy one.
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const decoder = () => nodeDecoder(3, pathToFileURL(join(folder, 'built', 'decode-worker.mjs')));
const photo = async (number: number) =>
  new Uint8Array(
    await sharp(picture(number, 20, 24), { raw: { width: 24, height: 20, channels: 3 } })
      .jpeg()
      .toBuffer(),
  );
const files = await Promise.all(
  Array.from({ length: 150 }, (_, i) => (i % 3 === 0 ? photo(i) : png(i, 20, 24))),
);
const frame = { height: 16, width: 16, fit: 'cover' as const };

test('decoder threads: give the same bytes in the same order as decoding in place', async () => {
  const decode = decoder();
  expect(decode).not.toBe(decodeOnThread);
  expect(nodeDecoder(1)).toBe(decodeOnThread);
  const expected = await decodeOnThread(files, frame);
  expect(await decode(files, frame)).toEqual(expected);
  const [once, twice] = await Promise.all([decode(files.slice(0, 9), frame), decode(files, frame)]);
  expect(once).toEqual(expected.subarray(0, 9 * 768));
  expect(twice).toEqual(expected);
  expect(files[0]!.length).toBeGreaterThan(0);
});

test('decoder threads: the first bad image is named; cancelling ends the threads, and the next call starts new ones', async () => {
  const decode = decoder();
  const bad = files.map((file, i) => (i === 70 || i === 71 || i === 149 ? file.subarray(0, 40) : file));
  const nameOf = (index: number) => `Row ${index}`;
  await expect(decode(bad, frame, { nameOf })).rejects.toThrow(/^Row 70 is damaged/);
  const cancel = new AbortController();
  const pending = decode(files, frame, { signal: cancel.signal });
  cancel.abort(new LetheError('Stopped.'));
  await expect(pending).rejects.toThrow('Stopped.');
  expect((await decode(files.slice(0, 5), frame)).length).toBe(5 * 768);
});

/** Runs the command line in a process of its own, started by a shell that redirects its streams. @returns what its streams gave; `echo $?` gives its exit code */
function inShell(argv: string, streams: string) {
  const entry = pathToFileURL(join(folder, 'built', 'lethe.mjs'));
  writeFileSync(
    join(folder, 'run.mjs'),
    `import { runProcess } from '${entry}';\nawait runProcess(process.argv.slice(2), '${root}');\n`,
  );
  const line = `set -o pipefail; '${process.execPath}' '${join(folder, 'run.mjs')}' ${argv} ${streams}`;
  const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
  return { stdout, stderr };
}

test('standard output: a closed pipe ends a listing silently but does not end work; a full disk is one sentence', () => {
  expect(inShell('presets', '| true; echo $?')).toEqual({ stdout: '141\n', stderr: '' });
  const full = inShell('presets', '> /dev/full; echo $?');
  expect(full.stderr).toMatch(/^lethe: The output cannot be written: ENOSPC[^\n]*\.\n$/);
  expect(full.stdout).toBe('1\n');
  const out = join(folder, 'table.md');
  const report = `report '${join(root, 'public/recorded/quickstart.json')}' --out '${out}'`;
  expect(inShell(report, '2>&1 | true; echo $?')).toEqual({ stdout: '0\n', stderr: '' });
  expect(readFileSync(out, 'utf8')).toContain('DEL');
});

/** The process around a command that does what `thread` says. @returns how it ends when it gets these signals, and after how long */
async function signalled(thread: string, signals: NodeJS.Signals[]) {
  const entry = pathToFileURL(join(folder, 'built', 'lethe.mjs'));
  writeFileSync(
    join(folder, 'thread.mjs'),
    `import { parentPort } from 'node:worker_threads';\nparentPort.postMessage({ stdout: 'at work' });\n${thread}`,
  );
  writeFileSync(
    join(folder, 'signalled.mjs'),
    `import { runProcess } from '${entry}';\nawait runProcess([], '', new URL('thread.mjs', import.meta.url));\n`,
  );
  const child = spawn(process.execPath, [join(folder, 'signalled.mjs')]);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code!));
  });
  await once(child.stdout, 'data');
  const from = performance.now();
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return { how: await ended, seconds: (performance.now() - from) / 1000 };
}

const LOOP = 'setTimeout(() => { for (;;); }, 20);';

test.each([
  ['SIGINT', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
  ['SIGTERM', 'SIGINT'],
  ['SIGHUP', 'SIGINT'],
] as const)('lethe: a command in a loop is ended at once by %s, then %s', async (...signals) => {
  const { how, seconds } = await signalled(LOOP, [...signals]);
  expect(how).toBe(signals[1]);
  expect(seconds).toBeLessThan(5);
});

test('lethe: a command in a loop ends by itself some time after a single signal', async () => {
  const { how, seconds } = await signalled(LOOP, ['SIGTERM']);
  expect(how).toBe('SIGTERM');
  expect(seconds).toBeLessThan(20);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  'lethe: a command that stops when it is asked to, by %s, gives the exit code %d',
  async (signal, code) => {
    const polite =
      "parentPort.on('message', () => setTimeout(() => parentPort.postMessage({ code: 130 }), 200));";
    expect((await signalled(polite, [signal])).how).toBe(code);
  },
);

test('lethe: a command that falls over ends the process, with its stack', () => {
  expect(inShell('presets', '; echo $?').stdout).toMatch(/\n0\n$/);
  writeFileSync(join(folder, 'fallen.mjs'), "throw new Error('fallen');");
  const entry = pathToFileURL(join(folder, 'built', 'lethe.mjs'));
  const code = `import('${entry}').then((m) => m.runProcess([], '', new URL('${pathToFileURL(join(folder, 'fallen.mjs'))}')))`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^lethe: Error: fallen\n +at /)]);
});

test('two processes and one cache: each file is asked for once, both get the images, and both end', async () => {
  const train = parquetFile(
    Array.from({ length: 300 }, (_, i) => png(i, 8)),
    Array.from({ length: 300 }, (_, i) => i % 2),
  );
  const last = parquetFile([png(0, 8)], [0]);
  const place = 'owner/small/resolve/0123456789abcdef';
  const server = await serveFiles({ [`${place}/train.parquet`]: train, [`${place}/test.parquet`]: last });
  let serve = () => {};
  const waited = new Promise<void>((resolve) => {
    serve = resolve;
  });
  server.answer = (...asked) => void waited.then(() => withRanges(...asked));
  const spec = {
    ...{ id: 'small', label: 'Small', explanation: '', reference: '', settings: [], classes: ['a', 'b'] },
    ...{ shape: [8, 8, 3], available: { train: 300, test: 1 } },
    ...{ repository: 'owner/small', revision: '0123456789abcdef' },
    files: [
      { path: 'train.parquet', split: 'train', bytes: train.length },
      { path: 'test.parquet', split: 'test', bytes: last.length },
    ],
  };
  const env = { ...process.env, LETHE_CACHE: join(folder, 'cache'), LETHE_DATA_BASE: server.url };
  const load = () =>
    spawn(process.execPath, [join(folder, 'built', 'load-hub.mjs'), JSON.stringify(spec)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const outcomes = await Promise.all(
    [load(), load()].map((child) => outputOf(child, (text) => text.includes('waiting') && serve())),
  );
  await server.close();
  const digest = createHash('sha256');
  for (let i = 0; i < 300; i++) digest.update(picture(i, 8, 8));
  const hash = digest.digest('hex');
  expect(outcomes.map(({ text }) => text).sort()).toEqual([`${hash}\n`, `waiting\n${hash}\n`].sort());
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  expect(server.log).toEqual([`/${place}/train.parquet`, `/${place}/test.parquet`]);
});

/** Reports a process's output as it comes, and its exit code. */
function outputOf(child: ChildProcess, onText: (text: string) => void) {
  let text = '';
  child.stdout!.on('data', (part: Buffer) => {
    text += part;
    onText(text);
  });
  return new Promise<{ code: number | null; text: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, text }));
  });
}
