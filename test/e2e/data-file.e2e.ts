import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Page, Worker } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';
import type { ModelConfig } from '../../src/lab/nn/spec';
import { unsealArtifact } from '../../src/lab/store/envelope';
import { picture, png } from '../support/data-files';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { recordEvents } from './support/lab-events';
import { openFile } from './support/open-file';
import { linkTo, tinyStudy, uncomparedStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });
/** Of a class: more than a browser lists of a folder at once. */
const EACH = 102;
const folder = mkdtempSync(join(tmpdir(), 'lethe-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

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

/** @returns how often the lab's worker has opened a shard of training images */
function countReads(page: Page): () => Promise<number> {
  let lab: Worker | undefined;
  page.on('worker', (worker) => {
    if (!worker.url().includes('lab.worker')) return;
    lab = worker;
    worker.evaluate(() => {
      const counted = Object.assign(globalThis, { reads: 0 });
      const { getFile } = FileSystemFileHandle.prototype;
      FileSystemFileHandle.prototype.getFile = function () {
        if (this.name.includes('.0-train.')) counted.reads++;
        return getFile.call(this);
      };
    });
  });
  return () => lab!.evaluate(() => (globalThis as unknown as { reads: number }).reads);
}

/** Runs the study, for the first time or again; the numbers of its only run, as they are shown. */
async function numbersOfRun(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Run (it here|again)$/ }).click();
  await page.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
  return page.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).innerText();
}

it('a dropped folder of class folders becomes the data of the study, which runs; later it is read from the disk alone', async () => {
  const { config } = tinyStudy.model as { config: ModelConfig };
  const short = { ...tinyStudy.pretrain, epochs: 1 };
  const runs = tinyStudy.runs.map((run) => ({ ...run, unlearn: { epochs: 1, lr: 0.1, batch: 16 } }));
  const model = { config: { ...config, inChannels: 3, classes: 2 } as ModelConfig };
  const study = { ...uncomparedStudy, model, pretrain: short, oracle: short, runs };
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(study)}`, {}, recordEvents);
  const reads = countReads(page);
  ['cat', 'dog'].forEach((name, c) => {
    mkdirSync(join(folder, 'pets', name), { recursive: true });
    for (let i = 0; i < EACH; i++) {
      const file = `${String(i).padStart(3, '0')}.png`;
      writeFileSync(join(folder, 'pets', name, file), png(c * 200 + i, 8));
    }
  });
  await drop(page, join(folder, 'pets'));
  await page
    .getByText('The study now uses pets: 170 images to train on, 34 to test on, 2 classes.')
    .waitFor();

  const { images, labels } = decodeSafetensors((await unsealArtifact(await storedShard(page)))!);
  expect(images!.shape).toEqual([170, 8, 8, 3]);
  expect([...labels!.data.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  // To the bit what is in the files: no colour management, no premultiplied alpha.
  expect(images!.data.subarray(0, 384)).toEqual(
    Uint8Array.from([...picture(0, 8, 8), ...picture(200, 8, 8)]),
  );

  const numbers = await numbersOfRun(page);
  expect(await reads()).toBeLessThan(5);

  await expect.poll(() => page.url()).toMatch(/#s=/);
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('lethe-artifacts', { recursive: true });
  });
  await page.goto(page.url().replace('#', '?data-memory=0#'));
  const data = page.locator('.card[data-step="data"]');
  await expect.poll(() => data.textContent()).toContain('pets');
  await data.click();
  await page.getByText('Images of your own, kept on this machine').first().waitFor();
  await page.getByRole('button', { name: 'Close the settings' }).click();
  expect(await numbersOfRun(page)).toBe(numbers);
  // An epoch of the original and one of the oracle, each image by itself.
  expect(await reads()).toBeGreaterThan(170);
});

it('several files open as one data set, or are refused with a sentence, as is a damaged archive', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  const write = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const zip = zipSync({ 'pets/cat/1.png': png(1, 8), 'pets/dog/1.png': png(2, 8) });
  await openFile(page, write('pets.zip', zip.subarray(0, 200)));
  await page.getByText(/^pets.zip is damaged or cut off/).waitFor();
  const records = new Uint8Array(20 * 3073).fill(1);
  const batches = [1, 2, 3, 4, 5].map((n) => write(`data_batch_${n}.bin`, records));
  await drop(page, ...batches, write('train_32x32.mat', records));
  await page.getByText(/data_batch_1.bin and train_32x32.mat are files of different kinds/).waitFor();
  await drop(page, ...batches, write('test_batch.bin', records));
  await page
    .getByText('now uses data_batch_1.bin and 5 more: 100 images to train on, 20 to test on, 10 classes.')
    .waitFor();
});
