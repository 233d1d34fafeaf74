import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPath, withLocalData } from '../../src/cli/local-data';
import { registries } from '../../src/lab/session/all-registries';
import { planStudy } from '../../src/lab/session/plan';
import { getPreset } from '../../src/lab/study/presets';
import { picture, png } from '../support/data-files';

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

const study = (data: object) => ({
  ...getPreset('micro').study,
  data: { source: './pets', train: 5000, test: 2, ...data },
});

test('a folder of images on the disk', async () => {
  const data = await openPath(join(folder, 'pets'));
  expect(data).toMatchObject({
    classes: ['cat', 'dog'],
    shape: [8, 8, 3],
    train: { count: 20 },
    test: { count: 4 },
  });
  expect(data.train.images.subarray(192, 384)).toEqual(picture(50, 8, 8));
  await expect(openPath(join(folder, 'birds'))).rejects.toThrow(/birds cannot be read: it does not exist/);
});

test('a study is bound to the data that it names by its path', async () => {
  const bound = await withLocalData(study({}), folder);
  expect(bound.data).toMatchObject({ source: join(folder, 'pets'), train: 20, test: 2 });
  const { hash, spec } = planStudy(bound, registries);
  expect(spec.config.classes).toBe(2);
  const loaded = await registries.sources
    .get(bound.data.source)
    .load(bound.data, async () => new Uint8Array());
  expect([loaded.train.count, loaded.test.count]).toEqual([20, 2]);
  // From anywhere the same, and the same content again.
  expect(planStudy(await withLocalData(bound, '/'), registries).hash).toBe(hash);
  put('pets/cat/00.png', png(77, 8));
  await expect(withLocalData(bound, '/')).rejects.toThrow(/not the data that the study was made with/);
  expect((await withLocalData(study({}), folder)).data.sha256).not.toBe(bound.data.sha256);
});

test('what a study names by an id is left alone', async () => {
  const named = study({ source: 'fashion-mnist-mini' });
  expect(await withLocalData(named, folder)).toBe(named);
});
