import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { layoutOfFolders } from '../../src/lab/data/folder-layout';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';
import { unsealArtifact } from '../../src/lab/store/envelope';
import { type ExpectedImage, expectedImages, largestDifference } from '../support/expected-pixels';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });
const folder = mkdtempSync(join(tmpdir(), 'lethe-pixels-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The images of a split in the browser's private storage, one after the other. */
async function storedImages(page: Page, split: 'train' | 'test'): Promise<Uint8Array> {
  const bytes = await page.evaluate(async (part) => {
    const stored = await (await navigator.storage.getDirectory()).getDirectoryHandle('lethe-data');
    for await (const [name, handle] of stored.entries())
      if (name.includes(part))
        return [...new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer())];
    return [];
  }, `.0-${split}.0`);
  return decodeSafetensors((await unsealArtifact(Uint8Array.from(bytes)))!).images!.data as Uint8Array;
}

/** What the page makes of images that all have one size: it drops them as two classes. */
async function decodedOnPage(images: ExpectedImage[]): Promise<Map<string, Uint8Array>> {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  const root = mkdtempSync(join(folder, 'set-'));
  const paths = ['a', 'b'].flatMap((className) => {
    mkdirSync(join(root, 'set', className), { recursive: true });
    return images.map(({ name, file }, i) => {
      const path = `set/${className}/${i}-${name}`;
      writeFileSync(join(root, path), file);
      return path;
    });
  });
  // A set needs a test image: seven of a class hold out one.
  for (const className of ['a', 'b'])
    for (let i = 0; i < 6; i++) {
      const path = `set/${className}/z${i}-${images[0]!.name}`;
      writeFileSync(join(root, path), images[0]!.file);
      paths.push(path);
    }
  await drop(page, join(root, 'set'));
  await page.getByText('The study now uses set:').waitFor();
  const { images: order } = layoutOfFolders(paths, 'set');
  const { height, width } = images[0]!;
  const size = height * width * 3;
  const found = new Map<string, Uint8Array>();
  for (const split of ['train', 'test'] as const) {
    const stored = await storedImages(page, split);
    order[split].forEach(({ path }, i) => {
      found.set(path.replace(/^.*\/\w+-/, ''), stored.subarray(i * size, (i + 1) * size));
    });
  }
  await page.context().close();
  return found;
}

const isJpeg = (name: string) => /\.jpg$/.test(name);

it('the page’s pixels are Pillow’s: to the bit for PNG and what has no loss, within two levels for JPEG', async () => {
  const all = [...expectedImages('cases/images'), ...expectedImages('lab/data/decode/samples')].filter(
    ({ name }) => !/\.tif$/.test(name),
  );
  const sizes = new Set(all.map(({ height }) => height));
  const groups = [...sizes].map((height) => all.filter((image) => image.height === height));
  const differences: Record<string, number> = {};
  for (const images of groups) {
    const decoded = await decodedOnPage(images);
    for (const { name, pixels } of images) differences[name] = largestDifference(decoded.get(name)!, pixels);
  }
  const tooFar = Object.entries(differences).filter(([name, most]) => most > (isJpeg(name) ? 2 : 0));
  expect(tooFar).toEqual([]);
});
