import { copyFileSync, cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataHost } from '../../src/cli/data-host';
import { openPath, withLocalData } from '../../src/cli/local-data';
import { planStudy } from '../../src/lab/plan/plan-study';
import { registries } from '../../src/lab/session/all-registries';
import { getPreset } from '../../src/lab/study/presets';
import { FOLDER_CASES } from '../support/folder-cases';
import { lethe } from '../support/lethe';

const cases = fileURLToPath(new URL('../cases/folders', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const host = () => openDataHost({ LETHE_CACHE: join(folder, 'cache') });

/** Opens a folder. @returns the data and the line that says what was read */
async function open(path: string) {
  let said = '';
  const data = await openPath(path, host(), {
    onRead: (text) => {
      said = text;
    },
  });
  return { data, said };
}

test.each(FOLDER_CASES)('cases/folders/%s', async (name, train, testing, classes, line) => {
  const { data, said } = await open(join(cases, name));
  expect([data.train.count, data.test.count, data.classes.length]).toEqual([train, testing, classes]);
  expect(said).toContain(`${train} images to train on, ${testing} to test on, ${classes} classes.`);
  expect(said).toMatch(line);
});

const copy = (name: string) => {
  const to = join(folder, name);
  cpSync(join(cases, name), to, { recursive: true });
  return to;
};

test('images that are not read are refused by kind and number; other files are named', async () => {
  const place = copy('Training_Testing');
  writeFileSync(join(place, 'labels.csv'), 'a,b\n');
  writeFileSync(join(place, 'Training/README.md'), '#');
  expect((await open(place)).said).toContain(
    'left out: 2 other files (no part of the data set: Training/README.md, labels.csv)',
  );
  for (const i of [0, 1, 2]) writeFileSync(join(place, `Training/cat/${i}.HEIC`), 'x');
  await expect(open(place)).rejects.toThrow(
    /holds 3 HEIC images \(Training\/cat\/0.HEIC\), which Lethe does not read: convert them to PNG/,
  );
});

test('an image counts by its content, whatever it is called', async () => {
  const place = copy('Training_Testing');
  renameSync(join(place, 'Training/cat/0.png'), join(place, 'Training/cat/0'));
  copyFileSync(join(cases, 'mixed_ext/dog/8.webp'), join(place, 'Training/cat/1.png'));
  const { data, said } = await open(place);
  expect(data.train.count).toBe(18);
  expect(said).not.toContain('other file');
  writeFileSync(join(place, 'Training/cat/2.png'), 'no image');
  await expect(open(place)).rejects.toThrow(/Training\/cat\/2.png is damaged, or neither PNG/);
});

test('--order-of torchvision: the list means other images than in Lethe’s own order', async () => {
  const write = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  };
  const mistake = [
    '--model',
    'resnet8',
    '--weights',
    join(folder, 'none.pth'),
    '--out',
    join(folder, 'm.json'),
  ];
  const evaluate = (data: string, list: string, ...more: string[]) =>
    lethe(['evaluate', '--data', data, '--forget', list, ...more, ...mistake]);
  const place = join(cases, 'Training_Testing');
  const named = await evaluate(place, write('names.json', ['cat/1.png', 'dog/0.png']));
  expect(named.stderr).toMatch(/names.json: read as names of files/);
  const outside = await evaluate(place, write('18.json', [18]), '--order-of', 'torchvision');
  expect(outside.stderr).toMatch(/18.json: .*go from 0 to 17/);
  const none = await evaluate('fashion-mnist-mini', write('1.json', [1]), '--order-of', 'torchvision');
  expect(none.stderr).toMatch(/--order-of torchvision is for folders of images/);
  expect([none.code, outside.code]).toEqual([2, 2]);
});

test('data.order: a study’s examples in torchvision’s order are written in Lethe’s, under the same keys', async () => {
  const base = getPreset('micro').study;
  const study = (indices: number[], order?: 'torchvision') => ({
    ...base,
    data: { source: join(cases, 'Training_Testing'), train: 18, test: 9, ...(order && { order }) },
    forget: { rule: 'manual', settings: { indices } },
  });
  // Classes in turn: cat 0, dog 0, owl 0, cat 1, …; torchvision: cat 0 to 5, dog 0 to 5, …
  const ours = await withLocalData(study([3, 1]), folder, {}, host());
  const theirs = await withLocalData(study([1, 6], 'torchvision'), folder, {}, host());
  expect(theirs).toEqual(ours);
  expect(planStudy(theirs, registries).hash).toBe(planStudy(ours, registries).hash);
  const flat = { ...study([1], 'torchvision'), forget: { rule: 'class', settings: {} } };
  await expect(withLocalData(flat, folder, {}, host())).rejects.toThrow(/about picked examples/);
});
