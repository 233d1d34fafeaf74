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
