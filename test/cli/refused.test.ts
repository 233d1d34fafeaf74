import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeOutput } from '../../src/cli/common';
import { openDataHost } from '../../src/cli/data-host';
import { writeManifest } from '../../src/lab/data/shards';
import { cifar10 } from '../../src/lab/data/sources/cifar10';
import { svhn } from '../../src/lab/data/sources/svhn';
import { fileStore, writeWhole } from '../../src/lab/store/node';
import { lethe } from '../support/lethe';
import { readPublic } from '../support/read-public';
import { keepShards } from '../support/stored-set';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>();
  return { ...actual, mkdir: vi.fn(actual.mkdir), open: vi.fn(actual.open) };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-refused-'));
  writeFileSync(join(folder, 'plain'), '');
});
afterEach(() => {
  vi.mocked(mkdir).mockReset();
  rmSync(folder, { recursive: true });
});

const systemError = (code: string) => Object.assign(new Error(`${code}: raw words`), { code, syscall: 'x' });

test('LETHE_CACHE that is a file: every command that uses the cache says so, and what to do', async () => {
  const place = join(folder, 'plain', 'cache');
  const host = openDataHost({ LETHE_CACHE: place });
  const sentence = `${place} cannot be used: a part of its path is a file, not a folder; name another folder for data sets with LETHE_CACHE.`;
  const said = expect.objectContaining({ name: 'LetheError', message: sentence });
  const bytes = new Uint8Array(1);
  for (const attempt of [
    () => host.cache.get('key'),
    () => host.cache.read('key', 0, 1),
    () => host.cache.put('key', bytes),
    () => host.cache.has('key'),
    () => host.cache.keys(),
    () => host.files.size('name'),
    () => host.files.append('name', bytes),
    () => host.files.read('name', 0, 1),
    () => host.locks.hold('name', async () => {}),
    () => cifar10.load({ train: 1, test: 1 }, readPublic, { host }),
  ])
    await expect(attempt()).rejects.toEqual(said);
});

test('--out below a file: the command ends with one sentence', async () => {
  const out = join(folder, 'plain', 'out');
  const { code, stderr } = await lethe(['plan', 'quickstart', '--out', out]);
  expect(code).toBe(2);
  expect(stderr).toBe(
    `lethe: ${out} cannot be used: a part of its path is a file, not a folder; give another --out.\n`,
  );
});

test('--out that is a file: it is named as it was given', async () => {
  const out = join(folder, 'plain');
  const { code, stderr } = await lethe(['run', 'micro', '--out', out]);
  expect([code, stderr]).toEqual([
    2,
    `lethe: ${out} cannot be used: a part of its path is a file, not a folder; give another --out.\n`,
  ]);
});

test.each([
  ['EACCES', 'permission is denied; '],
  ['EROFS', 'it is on a file system that can only be read; '],
  ['ENOSPC', 'the disk is full; free some space, or '],
  ['EDQUOT', 'your quota of disk space is used up; free some space, or '],
])('%s when writing: the message says what failed, where, and what to do', async (code, why) => {
  const { cache } = openDataHost({ LETHE_CACHE: folder });
  vi.mocked(mkdir).mockRejectedValueOnce(systemError(code));
  await expect(cache.put('key', new Uint8Array(1))).rejects.toThrow(
    `${folder} cannot be used: ${why}name another folder for data sets with LETHE_CACHE.`,
  );
  const path = join(folder, 'weights.safetensors');
  vi.mocked(mkdir).mockRejectedValueOnce(systemError(code));
  await expect(writeWhole(path, 'x')).rejects.toThrow(`${path} cannot be used: ${why}choose another place.`);
});

test('no connection behind a proxy: the message says that Node goes past it, and where there is none says nothing of it', async () => {
  const load = (environment: NodeJS.ProcessEnv) => {
    const dead = { LETHE_CACHE: folder, LETHE_DATA_BASE: 'http://127.0.0.1:1' };
    return svhn.load({ train: 3, test: 2 }, readPublic, { host: openDataHost({ ...dead, ...environment }) });
  };
  const there = 'could not be loaded: there is no connection to 127.0.0.1:1';
  await expect(load({})).rejects.toThrow(new RegExp(`${there}\\.$`));
  for (const name of ['HTTPS_PROXY', 'https_proxy'])
    await expect(load({ [name]: 'http://proxy.example:3128' })).rejects.toThrow(
      `${there}; Node does not use ${name} by itself: set NODE_USE_ENV_PROXY=1 (from Node 24 on), or name a mirror with LETHE_DATA_BASE.`,
    );
});

test('read-only cache: gives what it holds, and refuses new sets', async () => {
  const host = openDataHost({ LETHE_CACHE: folder });
  const noise = { ...cifar10, set: 'cifar10.0b271498', file: { train: 0, test: 1 } };
  const manifest = await keepShards(host.cache, { train: [3], test: [2] }, noise);
  await writeManifest(host.cache, noise.set, manifest);
  const want = { train: 3, test: 2 };
  vi.mocked(mkdir).mockRejectedValue(systemError('EROFS'));
  expect((await cifar10.load(want, readPublic, { host })).train.count).toBe(3);
  await expect(svhn.load(want, readPublic, { host })).rejects.toThrow(
    /can only be read; name another folder/,
  );
});

test('disk full while writing: no part of the file is left', async () => {
  const actual = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
  vi.mocked(open).mockImplementationOnce(async (...given) => {
    const file: FileHandle = await actual.open(...given);
    file.writeFile = () => Promise.reject(systemError('ENOSPC'));
    return file;
  });
  await expect(fileStore(folder).put('key', new Uint8Array(9))).rejects.toThrow(/the disk is full/);
  expect(await readdir(folder)).toEqual(['plain']);
});

test.runIf(existsSync('/dev/full'))('an output that is a full device is refused in a sentence', async () => {
  await expect(writeOutput('/dev/full', 'x')).rejects.toThrow('/dev/full cannot be used: the disk is full');
});
