import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { pngOfSize } from '../support/data-files';
import { FOLDER_CASES } from '../support/folder-cases';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });
const folderAt = (name: string) => fileURLToPath(new URL(`../cases/folders/${name}`, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'lethe-folders-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('dropped folders are split as on the command line, and what was left out is said', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  for (const [name, train, test, classes, said] of FOLDER_CASES) {
    await drop(page, folderAt(name));
    const notice = page.getByText(
      `The study now uses ${name}: ${train} images to train on, ${test} to test on, ${classes} classes.`,
    );
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(said);
  }
});

it('images that no browser reads, have no pixels, or too many, are refused with the file’s name', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  const samples = fileURLToPath(new URL('../lab/data/decode/samples/', import.meta.url));
  const tiff = readFileSync(join(samples, 'a.tif'));
  for (const [name, content, said] of [
    ['t.tif', tiff, /t\.tif is a TIFF, which browsers do not read: use the command line/],
    ['z.png', pngOfSize(0, 0), /z\.png is damaged: it says that it has 0×0 pixels/],
    [
      'l.png',
      pngOfSize(20_000, 20_000),
      /l\.png has 20,000×20,000 pixels, but Lethe reads images of at most/,
    ],
    ['h.heic', tiff, /holds one HEIC image/],
  ] as const) {
    const place = join(folder, name);
    cpSync(folderAt('Training_Testing'), place, { recursive: true });
    writeFileSync(join(place, 'Training/cat', name), content);
    await drop(page, place);
    await page.getByText(said).waitFor();
  }
});

it('lists of file names and of torchvision’s numbers choose the forget set of a folder, and are refused for other data', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  const list = async (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    await drop(page, file);
  };
  const notice = (text: string | RegExp) => page.locator('.notice', { hasText: text }).waitFor();
  const forgetSet = async () => {
    await page.getByRole('button', { name: 'Files: open or save' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /^Save the study/ }).click();
    return JSON.parse(readFileSync(await (await saving).path(), 'utf8')).forget.settings.indices;
  };
  await list('early.txt', 'Training/cat/1.png\nTraining/dog/0.png\n');
  await notice(/early\.txt: it names files, but the images of this data set are no files of their own/);

  await drop(page, folderAt('Training_Testing'));
  await notice('The study now uses Training_Testing');
  await list('names.txt', '/data/pets/Training/cat/1.png\nTraining/dog/0.png\n');
  await notice('The forget set is now the 2 images of names.txt. Read as names of files.');
  expect(await forgetSet()).toEqual([1, 3]);
  await list('test.txt', 'Testing/cat/1.png\n');
  await notice(/test\.txt: "Testing\/cat\/1\.png" is a test image here/);

  const question = page.getByRole('dialog', { name: 'Whose numbers are these?' });
  await list('theirs.json', '[1, 6]');
  await question.getByRole('button', { name: /^Those of torchvision’s ImageFolder/ }).click();
  await notice('theirs.json. Numbers are those of torchvision’s ImageFolder.');
  expect(await forgetSet()).toEqual([1, 3]);
  await list('ours.json', '[4, 5]');
  await question.getByRole('button', { name: /^Those of Lethe/ }).click();
  await notice('ours.json. Its numbers are those of Lethe.');
  expect(await forgetSet()).toEqual([4, 5]);
  await list('unsaid.json', '[7]');
  await question.getByRole('button', { name: 'Open it as nothing' }).click();
  await question.waitFor({ state: 'detached' });
  expect(await forgetSet()).toEqual([4, 5]);
});
