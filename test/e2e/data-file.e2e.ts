import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';
import { unseal } from '../../src/lab/store/envelope';
import { picture, png } from '../support/data-files';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { recordEvents } from './support/lab-events';
import { linkTo, tinyStudy } from './support/tiny-study';

const PATIENCE = 120_000;

const lab = labForTests({ webgpu: true });

/** What the browser's private storage holds of the first shard of training images. */
async function storedShard(page: Page): Promise<Uint8Array> {
  const bytes = await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lethe-data');
    for await (const [name, handle] of folder.entries())
      if (name.includes('.0-train.0'))
        return [...new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer())];
    return [];
  });
  return Uint8Array.from(bytes);
}

it('a zip of class-named folders becomes the data of the study, which runs, and is known after a reload', async () => {
  const config = { ...(tinyStudy.model as { config: object }).config, inChannels: 3, classes: 2 };
  const study = { ...tinyStudy, model: { config } } as typeof tinyStudy;
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(study)}`, {}, recordEvents);
  page.setDefaultTimeout(PATIENCE);
  const files = ['cat', 'dog'].flatMap((name, c) =>
    Array.from({ length: 48 }, (_, i) => [
      `pets/${name}/${String(i).padStart(2, '0')}.png`,
      png(c * 100 + i, 8),
    ]),
  );
  const buffer = Buffer.from(zipSync(Object.fromEntries(files)));
  const file = { name: 'pets.zip', mimeType: 'application/zip', buffer };
  const open = page.locator('input[type=file]');
  await open.setInputFiles({ ...file, buffer: buffer.subarray(0, 3000) });
  await page.getByText(/^pets.zip: pets.zip is damaged or cut off/).waitFor();
  await open.setInputFiles(file);
  await page
    .getByText('The study now uses pets.zip: 80 images to train on, 16 to test on, 2 classes.')
    .waitFor();

  const { images, labels } = decodeSafetensors((await unseal(await storedShard(page)))!);
  expect(images!.shape).toEqual([80, 8, 8, 3]);
  expect([...labels!.data.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  // To the bit what is in the files: no colour management, no premultiplied alpha.
  expect(images!.data.subarray(0, 384)).toEqual(
    Uint8Array.from([...picture(0, 8, 8), ...picture(100, 8, 8)]),
  );

  await page.getByRole('button', { name: 'Run it here', exact: true }).click();
  await page.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).waitFor();

  await expect.poll(() => page.url()).toMatch(/#s=/);
  await page.reload();
  const data = page.locator('.card[data-step="data"]');
  await expect.poll(() => data.textContent(), { timeout: PATIENCE }).toContain('pets.zip');
  await data.click();
  await page.getByText('Images of your own, kept on this machine').first().waitFor();
});

it('several files at once are one data set, or are told that they are none', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  page.setDefaultTimeout(PATIENCE);
  const open = page.locator('input[type=file]');
  const bytes = { mimeType: '', buffer: Buffer.alloc(20 * 3073, 1) };
  const batches = [1, 2, 3, 4, 5].map((n) => ({ ...bytes, name: `data_batch_${n}.bin` }));
  await open.setInputFiles([...batches, { ...bytes, name: 'train_32x32.mat' }]);
  await page.getByText(/data_batch_1.bin and train_32x32.mat are files of different kinds/).waitFor();
  await open.setInputFiles([...batches, { ...bytes, name: 'test_batch.bin' }]);
  await page
    .getByText('now uses data_batch_1.bin and 5 more: 100 images to train on, 20 to test on, 10 classes.')
    .waitFor();
});
