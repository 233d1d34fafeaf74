import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeOnThread } from '../../../../src/cli/decode-sharp';
import type { StoredImages } from '../../../../src/lab/data/dataset';
import { readManifest, writeManifest } from '../../../../src/lab/data/shards';
import { hubSource } from '../../../../src/lab/data/sources/hub-source';
import type { HubFile } from '../../../../src/lab/data/sources/hub-spec';
import type { DataHost } from '../../../../src/lab/data/sources/source';
import { LetheError } from '../../../../src/lab/settings';
import { memoryStore } from '../../../../src/lab/store/memory';
import { fileStore } from '../../../../src/lab/store/node';
import { folderFiles } from '../../../../src/lab/store/node-files';
import { folderLocks } from '../../../../src/lab/store/node-locks';
import { memoryFiles } from '../../../../src/lab/store/partial-files';
import type { LoadProgress } from '../../../../src/lab/watch';
import {
  cutAfter,
  type FileServer,
  parquetFile,
  picture,
  png,
  serveFiles,
  unlocked,
  withoutLength,
  withoutRanges,
  withRanges,
} from '../../../support/data-files';
import { imagesOf } from '../../../support/resident';

const CLASSES = ['a', 'b', 'c'];
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const file = (numbers: number[], size = 8, label: (n: number) => number | bigint | null = (n) => n % 3) =>
  parquetFile(
    numbers.map((n) => png(n, size)),
    numbers.map(label),
    { classes: CLASSES },
  );
const trainFile = file(rows(0, 25));
const testFile = file(rows(100, 7));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const spec = (train: Partial<HubFile> = {}) => ({
  id: 'small',
  label: 'Small',
  explanation: '',
  reference: '',
  settings: [],
  classes: CLASSES,
  shape: [8, 8, 3] as [number, number, number],
  available: { train: 25, test: 7 },
  repository: 'owner/small',
  revision: '0123456789abcdef',
  files: [
    { path: 'p/train.parquet', split: 'train' as const, bytes: trainFile.length, ...train },
    { path: 'p/test.parquet', split: 'test' as const, bytes: testFile.length, sha256: sha256(testFile) },
  ],
});
const pinned = hubSource(spec({ sha256: sha256(trainFile) }));
const all = { train: 25, test: 7 };
const root = 'owner/small/resolve/0123456789abcdef/p';
const noAssets = async () => new Uint8Array();

let server: FileServer;
let host: DataHost;
const files: Record<string, Uint8Array> = {};
const newHost = (free?: number): DataHost => ({
  cache: memoryStore(),
  files: memoryFiles(free),
  locks: unlocked,
  decode: decodeOnThread,
  hub: server.url,
});

beforeEach(async () => {
  Object.assign(files, { [`${root}/train.parquet`]: trainFile, [`${root}/test.parquet`]: testFile });
  server = await serveFiles(files);
  host = newHost();
});
afterEach(() => server.close());

test('a hub source: downloads, decodes and caches; a second load asks for nothing', async () => {
  const progress: LoadProgress[] = [];
  const data = await pinned.load(all, noAssets, { host, onProgress: (next) => progress.push(next) });
  expect(data).toMatchObject({ id: 'small', classes: CLASSES, shape: [8, 8, 3] });
  expect([...data.train.labels]).toEqual(rows(0, 25).map((n) => n % 3));
  expect(data.train.images).toEqual(Uint8Array.from(rows(0, 25).flatMap((n) => [...picture(n, 8, 8)])));
  expect(data.test.images).toEqual(Uint8Array.from(rows(100, 7).flatMap((n) => [...picture(n, 8, 8)])));
  expect(progress).toContainEqual({ done: trainFile.length, total: trainFile.length, counted: 'bytes' });
  expect(progress).toContainEqual({ done: 7, total: 7, counted: 'images' });
  expect(progress.at(-1)).toMatchObject({ done: 32 * 192, total: 32 * 192, checking: true });
  expect(server.log).toEqual([`/${root}/train.parquet`, `/${root}/test.parquet`]);
  expect(await host.files.size('small.01234567.train.parquet')).toBe(0);

  await server.close();
  const part = await pinned.load({ train: 12, test: 3 }, noAssets, { host });
  expect(part.train.images).toEqual(imagesOf(data.train).subarray(0, 12 * 192));
  expect((await pinned.loadCached!(all, host.cache))?.test).toEqual(data.test);
});

test('a hub source: downloads only the files that hold the wanted images', async () => {
  expect(await pinned.loadCached!({ train: 5, test: 0 }, host.cache)).toBeUndefined();
  await pinned.load({ train: 5, test: 0 }, noAssets, { host });
  expect(server.log).toEqual([`/${root}/train.parquet`]);
  expect(await pinned.loadCached!({ train: 25, test: 0 }, host.cache)).toBeDefined();
  expect(await pinned.loadCached!(all, host.cache)).toBeUndefined();
});

test.each([true, false])(
  'a hub source: loads over a connection that keeps breaking, ranges %s',
  async (ranges) => {
    const piece = Math.ceil(trainFile.length / 3);
    server.answer = cutAfter(piece, ranges);
    if (ranges) {
      const data = await pinned.load(all, noAssets, { host });
      expect(data.train.count).toBe(25);
      expect(server.log.slice(0, 3)).toEqual([
        `/${root}/train.parquet`,
        `/${root}/train.parquet bytes=${piece}-`,
        `/${root}/train.parquet bytes=${2 * piece}-`,
      ]);
    } else {
      await expect(pinned.load(all, noAssets, { host })).rejects.toThrow(/connection broke after .* kept/);
      expect(await pinned.loadCached!({ train: 1, test: 0 }, host.cache)).toBeUndefined();
      server.answer = withoutRanges;
      expect((await pinned.load(all, noAssets, { host })).train.count).toBe(25);
    }
  },
);

test.each([
  ['pinned', pinned],
  ['not pinned', hubSource(spec())],
])(
  'answers without a length, %s: the share that has come is known, and so is a missing end',
  async (_, source) => {
    const progress: LoadProgress[] = [];
    server.answer = withoutLength();
    await source.load(all, noAssets, { host, onProgress: (next) => progress.push(next) });
    const bytes = progress.filter(({ counted }) => counted === 'bytes');
    expect(bytes.length).toBeGreaterThan(0);
    for (const { done, total } of bytes) expect(done / total).toSatisfy((share) => share > 0 && share <= 1);

    host = newHost();
    server.log.length = 0;
    server.answer = withoutLength(1000);
    const want = { train: 25, test: 0 };
    expect((await source.load(want, noAssets, { host })).train.count).toBe(25);
    expect(server.log).toEqual([`/${root}/train.parquet`, `/${root}/train.parquet bytes=1000-`]);

    host = newHost();
    server.answer = withoutLength(1000, false);
    await expect(source.load(want, noAssets, { host })).rejects.toThrow(/connection broke after .* kept/);
  },
);

test('a hub source: continues an earlier download, and starts anew where that gives another file', async () => {
  const name = 'small.01234567.train.parquet';
  await host.files.append(name, trainFile.subarray(0, 100));
  await pinned.load({ train: 25, test: 0 }, noAssets, { host });
  expect(server.log).toEqual([`/${root}/train.parquet bytes=100-`]);

  host = newHost();
  await host.files.append(name, new Uint8Array(100));
  await pinned.load({ train: 25, test: 0 }, noAssets, { host });
  expect(server.log.slice(1)).toEqual([`/${root}/train.parquet bytes=100-`, `/${root}/train.parquet`]);

  host = newHost();
  await host.files.append(name, trainFile.subarray(0, 100));
  server.answer = withoutRanges;
  expect((await pinned.load({ train: 25, test: 0 }, noAssets, { host })).train.labels[4]).toBe(1);
});

test.each<[string, () => Uint8Array, Partial<HubFile>, RegExp]>([
  [
    'another checksum',
    () => trainFile.map((byte, i) => (i === 500 ? byte ^ 1 : byte)),
    { sha256: sha256(trainFile) },
    /SHA-256/,
  ],
  [
    'a page instead of the file',
    () => new TextEncoder().encode('<html>Sorry</html>'),
    {},
    /not a parquet file/,
  ],
  ['a cut file', () => trainFile.subarray(0, 900), {}, /not a parquet file/],
  ['too few rows', () => file(rows(0, 20)), {}, /20 images, but Small has 25/],
  [
    'a label too many',
    () => file(rows(0, 25), 8, (n) => n % 4),
    {},
    /train.parquet has the label 3 in row 3 .* 0 to 2/,
  ],
  ['a missing label', () => file(rows(0, 25), 8, (n) => (n === 21 ? null : 1)), {}, /no label in row 21/],
  [
    'a label that 32 bits would make another class of',
    () => file(rows(0, 25), 8, (n) => (n === 12 ? 2n ** 32n + 1n : 1)),
    {},
    /label 4294967297 in row 12/,
  ],
  [
    'images of another size',
    () => file(rows(0, 25), 9),
    {},
    /image in row 0 .* of train.parquet is 9×9 pixels, but .* 8×8/,
  ],
  ['no image', () => parquetFile([new Uint8Array(30)], [0]), {}, /1 images, but Small/],
])('%s: one sentence, and nothing of it stays', async (_, content, pins, message) => {
  const good = files[`${root}/train.parquet`]!;
  files[`${root}/train.parquet`] = content();
  const source = hubSource(spec({ sha256: undefined, ...pins }));
  const loading = source.load(all, noAssets, { host });
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.toThrow(LetheError);
  expect(await host.files.size('small.01234567.train.parquet')).toBe(0);
  expect(await source.loadCached!({ train: 1, test: 0 }, host.cache)).toBeUndefined();
  files[`${root}/train.parquet`] = good;
  expect((await source.load(all, noAssets, { host })).train.count).toBe(25);
});

test.each([
  [403, /does not give it to everybody \(status 403\)/],
  [404, /does not have it .* \(status 404\)/],
  [503, /cannot give it now \(status 503\)/],
])('status %i', async (status, message) => {
  server.answer = (_, response) => void response.writeHead(status).end();
  await expect(pinned.load(all, noAssets, { host })).rejects.toThrow(message);
});

test('a hub source: refuses in one sentence without connection, space or host', async () => {
  const dead = { ...host, hub: 'http://127.0.0.1:1/' };
  await expect(pinned.load(all, noAssets, { host: dead })).rejects.toThrow(/no connection to 127.0.0.1:1/);
  await expect(pinned.load(all, noAssets, { host: newHost(5000) })).rejects.toThrow(
    /Small needs .* only 5.0 kB/,
  );
  expect(server.log).toEqual([]);
  await expect(pinned.load(all, noAssets)).rejects.toThrow(/has to be downloaded/);
});

test('a hub source: stops the download when nothing more can be stored', async () => {
  let ended: Promise<unknown> | undefined;
  server.answer = (_, response) => {
    ended = new Promise((resolve) => response.on('close', resolve));
    response.writeHead(200, { 'content-length': 2 ** 30 });
    response.write(new Uint8Array(5 * 2 ** 20));
  };
  host.files.append = async () => {
    throw new LetheError('The disk is full.');
  };
  await expect(pinned.load(all, noAssets, { host })).rejects.toThrow('The disk is full.');
  await ended;
});

test('a hub source: continues later what arrived before a cancel', async () => {
  const cancel = new AbortController();
  server.answer = (_request, response, content) => {
    response.writeHead(200, { 'content-length': content!.length });
    response.write(content!.subarray(0, 700));
  };
  const onProgress = ({ done }: LoadProgress) => {
    if (done >= 700) cancel.abort();
  };
  const watched = { host, signal: cancel.signal, onProgress };
  await expect(pinned.load(all, noAssets, watched)).rejects.toThrow(/abort/i);
  expect(await host.files.size('small.01234567.train.parquet')).toBe(700);
  server.answer = withRanges;
  await pinned.load({ train: 25, test: 0 }, noAssets, { host });
  expect(server.log.at(-1)).toBe(`/${root}/train.parquet bytes=700-`);
});

test('a hub source: of two loads in one folder one downloads; the other waits, says so, and reads the cache', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-hub-'));
  const shared = (): DataHost => ({
    ...newHost(),
    cache: fileStore(join(folder, 'data')),
    files: folderFiles(join(folder, 'downloads')),
    locks: folderLocks(join(folder, 'locks'), { beat: 100, look: 20, patience: 500 }),
  });
  let serve = () => {};
  const open = new Promise<void>((resolve) => {
    serve = resolve;
  });
  server.answer = (...asked) => void open.then(() => withRanges(...asked));
  const first = pinned.load(all, noAssets, { host: shared() });
  await expect.poll(() => server.log).toEqual([`/${root}/train.parquet`]);
  const cancel = new AbortController();
  const impatient = pinned.load(all, noAssets, {
    host: shared(),
    signal: cancel.signal,
    onProgress: ({ waiting }) => waiting && cancel.abort(new LetheError('Stopped.')),
  });
  await expect(impatient).rejects.toThrow('Stopped.');
  const second = pinned.load(all, noAssets, {
    host: shared(),
    onProgress: ({ waiting }) => waiting && serve(),
  });
  expect(await second).toEqual(await first);
  expect(server.log).toEqual([`/${root}/train.parquet`, `/${root}/test.parquet`]);
  rmSync(folder, { recursive: true });
});

test('a hub source: loads a damaged shard again', async () => {
  await pinned.load(all, noAssets, { host });
  const shard = (await host.cache.keys()).find((key) => key.includes('0-train.0'))!;
  await host.cache.delete(shard);
  expect(await pinned.loadCached!(all, host.cache)).toBeUndefined();
  expect((await pinned.load(all, noAssets, { host })).train.count).toBe(25);
  expect(server.log.filter((line) => line.includes('train')).length).toBe(2);
});

test('a hub source: streams a set larger than the memory, and loads again what proves damaged', async () => {
  const whole = await pinned.load(all, noAssets, { host });
  const streaming = { ...host, memory: 12 * 192 };
  const { train, test: kept } = await pinned.load(all, noAssets, { host: streaming });
  expect(kept).toEqual(whole.test);
  expect(await (train.images as StoredImages).read(train.labels.map((_, i) => i))).toEqual(
    whole.train.images,
  );
  expect(await pinned.loadCached!(all, host.cache, 0)).toMatchObject({ train: { labels: train.labels } });

  // Lost after it was checked.
  const again = await pinned.load(all, noAssets, { host: streaming });
  const { get, read } = host.cache;
  host.cache.read = async () => undefined;
  await expect((again.train.images as StoredImages).read(Int32Array.of(3))).rejects.toThrow(
    /Images of Small in the cache .* damaged .*: run the study again/,
  );
  host.cache.read = read;
  expect((await pinned.load(all, noAssets, { host })).train).toEqual(whole.train);
  expect(server.log.filter((line) => line.includes('train')).length).toBe(2);

  // Found damaged by the check: loaded again without a word.
  let damaged = true;
  host.cache.get = async (key) => {
    if (!damaged || !key.endsWith('0-train.0')) return get(key);
    damaged = false;
    return undefined;
  };
  const mended = await pinned.load(all, noAssets, { host: streaming });
  expect(mended.train.labels).toEqual(whole.train.labels);
  expect(server.log.filter((line) => line.includes('train')).length).toBe(3);
});

test('a hub source: of several files loads those with the first images, also when one of them was lost', async () => {
  const parts = [rows(0, 10), rows(10, 10), rows(20, 5)];
  for (const [i, numbers] of parts.entries()) files[`${root}/train-${i}.parquet`] = file(numbers);
  const whole = spec();
  const train = parts.map((_, i) => ({ path: `p/train-${i}.parquet`, split: 'train' as const, bytes: 4000 }));
  const source = hubSource({ ...whole, files: [...train, whole.files[1]!] });
  const some = { train: 8, test: 0 };
  expect(await source.toLoad!(some, host.cache)).toEqual({ download: 4000, kept: (25 / 3) * 196 });
  expect((await source.toLoad!(all, host.cache)).kept).toBeCloseTo(32 * 196, 6);
  const first = await source.load(some, noAssets, { host });
  expect(server.log).toEqual([`/${root}/train-0.parquet`]);
  await source.load({ train: 20, test: 0 }, noAssets, { host });
  expect(await source.toLoad!({ train: 20, test: 0 }, host.cache)).toEqual({ download: 0, kept: 0 });

  const shard = (await host.cache.keys()).find((key) => key.includes('.0-train.0'))!;
  await host.cache.delete(shard);
  expect((await source.load(some, noAssets, { host })).train).toEqual(first.train);
  expect(server.log.filter((line) => line.includes('train-0'))).toHaveLength(2);
  // The part is gone, and the ones behind it hold enough images: but not the first ones.
  const set = shard.slice(0, shard.indexOf('.0-train'));
  const manifest = (await readManifest(host.cache, set))!;
  await writeManifest(host.cache, set, { ...manifest, parts: manifest.parts.slice(1) });
  expect(await source.loadCached!(some, host.cache)).toBeUndefined();
  expect((await source.load(some, noAssets, { host })).train).toEqual(first.train);
});
