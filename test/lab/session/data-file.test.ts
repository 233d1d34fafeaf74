import { randomBytes } from 'node:crypto';
import { zipSync } from 'fflate';
import { beforeEach, expect, test } from 'vitest';
import { decodeOnThread } from '../../../src/cli/decode-sharp';
import { abortError } from '../../../src/lab/abort';
import { readManifest, writeManifest } from '../../../src/lab/data/shards';
import { type DataHost, OWN_DATA_PREFIX } from '../../../src/lab/data/sources/source';
import { storedSetOf, storedSources } from '../../../src/lab/data/sources/stored-source';
import { keepDataFiles } from '../../../src/lab/session/data-file';
import { createReadings } from '../../../src/lab/session/readings';
import { memoryStore } from '../../../src/lab/store/memory';
import { memoryFiles } from '../../../src/lab/store/partial-files';
import type { LoadProgress, Watch } from '../../../src/lab/watch';
import { npyFile, parquetFile, png, unlocked } from '../../support/data-files';
import { COUNT, SAMPLES } from '../../support/format-samples';

let host: DataHost;
beforeEach(() => {
  host = { cache: memoryStore(), files: memoryFiles(), locks: unlocked, decode: decodeOnThread, hub: '' };
});

/** Files as they are dropped on the page. */
const keep = (files: Record<string, Uint8Array>, watch?: Watch) =>
  keepDataFiles(
    Object.entries(files).map(([path, bytes]) => ({
      path,
      file: new File([bytes as Uint8Array<ArrayBuffer>], path.split('/').at(-1)!),
    })),
    host,
    watch,
  );
const batch = (label: number) => Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : i % 251));
const table = (from: number) =>
  parquetFile(
    Array.from({ length: 12 }, (_, i) => png(from + i, 8)),
    Array.from({ length: 12 }, (_, i) => i % 2),
  );

test("CIFAR-10's six batches are one data set, the same one in whatever order they come", async () => {
  const names = [3, 1, 5, 2, 4].map((n) => [`data_batch_${n}.bin`, batch(n)] as const);
  const files = Object.fromEntries([...names, ['test_batch.bin', batch(9)]]);
  const source = await keep(files);
  expect(source).toMatchObject({ label: 'data_batch_1.bin and 5 more', available: { train: 5, test: 1 } });
  const { train, test } = (await source.loadCached!(source.available, host.cache))!;
  expect([...train.labels, ...test.labels]).toEqual([1, 2, 3, 4, 5, 9]);
  const turned = Object.fromEntries(Object.entries(files).reverse());
  expect((await keep(turned)).id).toBe(source.id);
});

test('several parquet files, and a dropped folder with what lies about in folders', async () => {
  const source = await keep({
    'train-1.parquet': table(20),
    'train-0.parquet': table(0),
    'val.parquet': table(40),
  });
  expect(source).toMatchObject({ label: 'train-0.parquet and 2 more', available: { train: 24, test: 12 } });
  const pets = ['cat', 'dog'].flatMap((name, c) =>
    Array.from({ length: 6 }, (_, i) => [`pets/${name}/${i}.png`, png(10 * c + i, 8)] as const),
  );
  const litter = [
    ['pets/notes.txt', new Uint8Array(3)],
    ['pets/cat/._1.png', new Uint8Array(3)],
  ] as const;
  const folder = await keep(Object.fromEntries([...pets, ...litter]));
  expect(folder).toMatchObject({ label: 'pets', classes: ['cat', 'dog'], available: { train: 10, test: 2 } });
});

test('a folder keeps the names of its images; one that an earlier version kept without them says so', async () => {
  const pets = Object.fromEntries(
    ['cat', 'dog'].flatMap((name, c) =>
      Array.from({ length: 6 }, (_, i) => [`pets/${name}/${i}.png`, png(10 * c + i, 8)]),
    ),
  );
  const source = await keep(pets);
  const order = (await source.loadOrder!(host.cache))!;
  expect(order.train.slice(0, 3)).toEqual(['pets/cat/0.png', 'pets/dog/0.png', 'pets/cat/1.png']);
  expect(order.test).toEqual(['pets/cat/5.png', 'pets/dog/5.png']);
  expect(order.torchvision[1]).toBe('pets/cat/1.png');
  const [stored] = await storedSources(host.cache);
  expect(await stored!.loadOrder!(host.cache)).toEqual(order);

  const set = storedSetOf(source.id.slice(OWN_DATA_PREFIX.length));
  const { named: _, ...earlier } = (await readManifest(host.cache, set))!;
  await writeManifest(host.cache, set, earlier);
  await host.cache.delete(`${set}.order`);
  const [unnamed] = await storedSources(host.cache);
  await expect(unnamed!.loadOrder!(host.cache)).rejects.toThrow(
    'pets is kept without the names of its images: bring its files once more.',
  );

  const rows = await keep({ 'train.parquet': table(0), 'test.parquet': table(20) });
  expect(await rows.loadOrder!(host.cache)).toBeUndefined();
});

test.each<[string, Record<string, Uint8Array>, RegExp]>([
  [
    'two formats',
    { 'a.parquet': table(0), 'b.mat': batch(1) },
    /^a.parquet and b.mat are files of different kinds/,
  ],
  [
    'a study among them',
    { 'a.parquet': table(0), 'study.json': batch(1) },
    /^study.json must be opened by itself/,
  ],
  ['two archives', { 'a.zip': batch(0), 'b.zip': batch(1) }, /^a.zip must be opened by itself/],
  ['images without folders', { 'a.png': png(0, 8), 'b.png': png(1, 8) }, /^a.png and 1 more needs a folder/],
  ['only a test batch', { 'test_batch.bin': batch(1) }, /^test_batch.bin holds no train images/],
])('%s: one sentence, and nothing is kept', async (_, files, message) => {
  await expect(keep(files)).rejects.toThrow(message);
  expect(await host.cache.keys()).toEqual([]);
});

/** Beside the formats' own samples: archives whose files are packed, and too large to be unpacked in one go. */
const noise = Uint8Array.from(randomBytes(3 * 2 ** 20));
const PACKED = {
  npz: zipSync({
    'images.npy': npyFile(noise, [COUNT, 512, 512]),
    'labels.npy': npyFile(
      Uint8Array.from({ length: COUNT }, (_, i) => i % 2),
      [COUNT],
    ),
  }),
};
const phaseOf = ({ identifying, keeping }: LoadProgress) =>
  identifying ? 'identifying' : keeping ? 'keeping' : 'reading';

test.each([...Object.entries(SAMPLES), ['packed npz', { 'a.npz': PACKED.npz }] as const])(
  '%s: every phase tells how far it is, can be cancelled then without a trace, and is known the next time',
  async (_, files) => {
    const inPhase = (seen: LoadProgress[], phase: string) => seen.filter((told) => phaseOf(told) === phase);
    const cancelledIn = async (phase: string) => {
      const end = new AbortController();
      const onProgress = (told: LoadProgress) => {
        if (phaseOf(told) === phase) end.abort(abortError());
      };
      const reading = createReadings().read([], () => keep(files, { signal: end.signal, onProgress }));
      await expect(reading, phase).rejects.toThrow();
      expect(await host.cache.keys(), phase).toEqual([]);
    };
    for (const phase of ['identifying', 'reading', 'keeping']) await cancelledIn(phase);

    const seen: LoadProgress[] = [];
    // Without a test split one of a few classes, some samples are refused in the end.
    await keep(files, { onProgress: (told) => seen.push(told) }).catch(() => undefined);
    const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    expect(inPhase(seen, 'identifying').at(-1)).toMatchObject({ done: bytes, total: bytes });
    expect(inPhase(seen, 'reading').length).toBeGreaterThan(0);
    expect(inPhase(seen, 'keeping').at(-1)).toMatchObject({ done: COUNT, total: COUNT, counted: 'images' });
    expect(seen.map(phaseOf)).toEqual([...seen.map(phaseOf)].sort(byPhase));

    if ((await host.cache.keys()).length === 0) return;
    const again: LoadProgress[] = [];
    await keep(files, { onProgress: (told) => again.push(told) });
    expect(new Set(again.map(phaseOf))).toEqual(new Set(['identifying']));
  },
);

const PHASES = ['identifying', 'reading', 'keeping'];
const byPhase = (a: string, b: string) => PHASES.indexOf(a) - PHASES.indexOf(b);
