import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataHost } from '../../src/cli/data-host';
import { openPath, withLocalData } from '../../src/cli/local-data';
import type { Dataset } from '../../src/lab/data/dataset';
import { planStudy } from '../../src/lab/plan/plan-study';
import { registries } from '../../src/lab/session/all-registries';

import { getPreset } from '../../src/lab/study/presets';
import type { LoadProgress } from '../../src/lab/watch';
import { picture, png } from '../support/data-files';
import { readPublic } from '../support/read-public';

let folder: string;
const put = (path: string, bytes: Uint8Array) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-data-'));
  for (const [c, name] of ['cat', 'dog'].entries())
    for (let i = 0; i < 12; i++) put(`pets/${name}/${String(i).padStart(2, '0')}.png`, png(c * 50 + i, 8));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A data host with its own cache. @param memory megabytes of images that may be held in memory */
const host = (memory?: string) =>
  openDataHost({ LETHE_CACHE: join(folder, 'cache'), LETHE_DATA_MEMORY: memory });
const everything = async ({ train }: Dataset) =>
  train.images instanceof Uint8Array ? train.images : train.images.read(train.labels.map((_, i) => i));

const study = (data: object) => ({
  ...getPreset('micro').study,
  data: { source: './pets', train: 5000, test: 2, ...data },
});

test('openPath: reads a folder of images, one subfolder per class', async () => {
  const data = await openPath(join(folder, 'pets'), host());
  expect(data).toMatchObject({
    classes: ['cat', 'dog'],
    shape: [8, 8, 3],
    train: { count: 20 },
    test: { count: 4 },
  });
  expect((await everything(data)).subarray(192, 384)).toEqual(picture(50, 8, 8));
  await expect(openPath(join(folder, 'birds'), host())).rejects.toThrow(
    /birds cannot be read: it does not exist/,
  );
});

test('openPath: hidden files of file managers and tools are ignored', async () => {
  const { sha256 } = (await withLocalData(study({}), folder)).data;
  put('pets/cat/._00.png', new Uint8Array(9));
  put('pets/.DS_Store', new Uint8Array(9));
  put('pets/dog/.ipynb_checkpoints/00.png', png(3, 8));
  expect((await withLocalData(study({}), folder)).data.sha256).toBe(sha256);
  expect((await openPath(join(folder, 'pets'), host())).classes).toEqual(['cat', 'dog']);
});

test('openPath: an unreadable image is named with its folder', async () => {
  put('pets/dog/00.png', png(1, 8).subarray(0, 40));
  await expect(openPath(join(folder, 'pets'), host())).rejects.toThrow(
    `${join(folder, 'pets')}: dog/00.png is damaged`,
  );
  symlinkSync(join(folder, 'nowhere'), join(folder, 'pets/dog/99.png'));
  await expect(openPath(join(folder, 'pets'), host())).rejects.toThrow(
    /dog\/99.png is a link to a file that is not there/,
  );
});

test('data.source: a bare word is a folder beside the study, or else the id of a data set', async () => {
  expect((await withLocalData(study({ source: 'pets' }), folder)).data.source).toBe(join(folder, 'pets'));
  const named = study({ source: 'CIFAR_10' });
  expect(await withLocalData(named, folder)).toBe(named);
  expect(() => planStudy(named, registries)).toThrow(/no data set "CIFAR_10"; did you mean cifar10\?/);
  const page = study({ source: 'file:0123456789abcdef' });
  await expect(withLocalData(page, folder)).rejects.toThrow(/brought to the page.*--set data.source=PATH/);
});

test('data.source: a study is bound to the content at its path', async () => {
  const bound = await withLocalData(study({}), folder);
  expect(bound.data).toMatchObject({ source: join(folder, 'pets'), train: 20, test: 2 });
  const { hash, spec } = planStudy(bound, registries);
  expect(spec.config.classes).toBe(2);
  const loaded = await registries.sources
    .get(bound.data.source)
    .load(bound.data, async () => new Uint8Array());
  expect([loaded.train.count, loaded.test.count]).toEqual([20, 2]);
  // The hash does not depend on the folder that the study is opened from.
  expect(planStudy(await withLocalData(bound, '/'), registries).hash).toBe(hash);
  put('pets/cat/00.png', png(77, 8));
  await expect(withLocalData(bound, '/')).rejects.toThrow(/not the data that the study was made with/);
  expect((await withLocalData(study({}), folder)).data.sha256).not.toBe(bound.data.sha256);
});

test('data.source: a folder of images is decoded on first use, not when a study is planned', async () => {
  const lazy = host();
  const { decode } = lazy;
  let decoded = 0;
  lazy.decode = async (files, ...rest) => {
    decoded += files.length;
    return decode(files, ...rest);
  };
  const { data } = await withLocalData(study({}), folder, {}, lazy);
  expect([data.train, data.test, decoded]).toEqual([20, 2, 0]);
  const source = registries.sources.get(data.source);
  const progress: LoadProgress[] = [];
  const onProgress = (seen: LoadProgress) => progress.push(seen);
  const { train, test: held } = await source.load(data, readPublic, { onProgress });
  expect([train.count, held.count, decoded]).toEqual([20, 2, 24]);
  expect(progress.at(-1)).toEqual({ done: 24, total: 24, counted: 'images' });
  // A second load decodes nothing.
  await source.load({ train: 1, test: 1 }, readPublic);
  expect(decoded).toBe(24);
});

test('LETHE_DATA_MEMORY: images beyond it are written to the cache once and streamed from there', async () => {
  const path = join(folder, 'pets');
  const whole = await openPath(path, host());
  const small = host('0');
  let decoded = 0;
  const { decode } = small;
  small.decode = async (files, ...rest) => {
    decoded += files.length;
    return decode(files, ...rest);
  };
  const progress: LoadProgress[] = [];
  const bound = await withLocalData(study({}), folder, { onProgress: (seen) => progress.push(seen) }, small);
  expect(bound).toEqual(await withLocalData(study({}), folder));
  expect(progress).toContainEqual({ done: 24, total: 24, counted: 'images' });
  await withLocalData(bound, '/', {}, small);
  const source = registries.sources.get(path);
  const { test: kept, train } = await source.load(source.available, readPublic, { host: small });
  expect([train.images, kept.images].filter((images) => images instanceof Uint8Array)).toEqual([]);
  expect(train.labels).toEqual(whole.train.labels);
  expect(await everything({ ...whole, train })).toEqual(await everything(whole));
  expect(decoded).toBe(24);

  // A damaged shard is made anew from the files, at once.
  const shard = (await small.cache.keys()).find((key) => key.includes('train'))!;
  await small.cache.delete(shard);
  const mended = await source.load(source.available, readPublic, { host: small });
  expect(await everything(mended)).toEqual(await everything(whole));
  expect(decoded).toBe(48);
  expect(await everything(await openPath(path, small))).toEqual(await everything(whole));
  expect(decoded).toBe(48);
  // One that is lost while it is used ends the study, and the next start makes it anew.
  const { train: used } = await source.load(source.available, readPublic, { host: small });
  await small.cache.delete((await small.cache.keys()).find((key) => key.includes('train'))!);
  await expect(everything({ ...whole, train: used })).rejects.toThrow(
    /pets is damaged: it was thrown out, so start again with its files/,
  );
  expect(await everything(await openPath(path, small))).toEqual(await everything(whole));
  expect(decoded).toBe(72);

  // Changed content is another set; too little space is noticed before anything is written.
  put('pets/cat/00.png', png(77, 8));
  const before = await small.cache.keys();
  small.files.free = async () => 1000;
  await expect(openPath(path, small)).rejects.toThrow(/pets .*needs 4.6 kB in the cache, .* only 1.0 kB/);
  expect(await small.cache.keys()).toEqual(before);
});

test('data.source: a study that names its data by an id is left unchanged', async () => {
  const named = study({ source: 'fashion-mnist-mini' });
  expect(await withLocalData(named, folder)).toBe(named);
});

test('data.labelColumn: chooses among columns of labels, binds the study, and is refused where there is none', async () => {
  const cases = join(process.cwd(), 'test/cases/parquet');
  const said: string[] = [];
  const watch = { onRead: (text: string) => said.push(text) };
  const source = join(cases, 'cifar100_coarse_first');
  const fine = await withLocalData(study({ source }), '/', watch);
  const coarse = await withLocalData(study({ source, labelColumn: 'coarse_label' }), '/', watch);
  expect(coarse.data).toEqual({ ...fine.data, labelColumn: 'coarse_label' });
  expect(registries.sources.get(source).classes).toEqual(['a', 'b']);
  expect(planStudy(coarse, registries).problems).toEqual([]);
  expect(planStudy(coarse, registries).hash).not.toBe(planStudy(fine, registries).hash);
  expect(said[0]).toContain('15 images to train on, 3 to test on, 3 classes.');
  expect(said[1]).toContain('columns img and coarse_label');
  const streamed = await openPath(source, host('0'), watch, 'coarse_label');
  expect(streamed.classes).toEqual(['a', 'b']);
  await expect(openPath(join(folder, 'pets'), host(), {}, 'colour')).rejects.toThrow(
    /has no columns of which "colour" could be the classes/,
  );
});
