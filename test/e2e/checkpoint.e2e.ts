import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { encodeCheckpoint } from '../../src/lab/nn/checkpoint';
import { initialise } from '../../src/lab/nn/initialise';
import { specOfConfig } from '../../src/lab/nn/models';
import { encodeTorchFile } from '../support/torch-file';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { recordEvents, seenEvents } from './support/lab-events';
import { openFile } from './support/open-file';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });
const folder = mkdtempSync(join(tmpdir(), 'lethe-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = specOfConfig({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1, 1],
  widths: [3, 6],
  inChannels: 1,
  classes: 10,
});

it('a checkpoint from PyTorch becomes the original of the study, which then runs to its end', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`, {}, recordEvents);
  const weights = Object.entries(initialise(spec, 5)).map(([name, tensor]) => [name, tensor]);
  const file = join(folder, 'mine.safetensors');
  const bytes = encodeCheckpoint(spec, Object.fromEntries(weights));
  writeFileSync(file, bytes.subarray(0, 5000));
  await openFile(page, file);
  await page.getByText(/^mine.safetensors: This is not a readable safetensors file/).waitFor();
  writeFileSync(file, bytes);
  await drop(page, file);
  // Weights alone do not say whose they are.
  const question = page.getByRole('dialog', { name: 'What is this file?' });
  await question.getByRole('button', { name: /^The original/ }).click();
  await page.getByText(/^The study now starts from mine.safetensors, a ResNet of 1-1 basic blocks/).waitFor();
  await drop(page, file);
  await question.getByRole('button', { name: /^The oracle/ }).click();
  const taken = page.locator('.notice', { hasText: 'The oracle is now mine.safetensors' });
  await taken.getByRole('button', { name: 'Undo' }).click();
  const train = page.locator('.card[data-step="train"]');
  await expect.poll(() => train.textContent()).toContain('own network · given');

  await train.click();
  await page.getByText('Nothing is trained').waitFor();
  await page.getByRole('button', { name: 'Train instead' }).waitFor();
  await page.getByRole('button', { name: 'Close the settings' }).click();

  await page.getByRole('button', { name: 'Run it here', exact: true }).click();
  await page.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
  await page.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).waitFor();
  const steps = (await seenEvents(page)).filter(({ step }) => step !== undefined);
  expect(new Set(steps.map(({ stage }) => stage))).toEqual(new Set(['oracle', 'unlearn']));
});

it('a .pth of torch.save is read by the worker, with its prefix and its normalisation of images', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  const wrapped = Object.entries(initialise(spec, 5)).map(([name, tensor]) => [`module.${name}`, tensor]);
  const buffer = (value: number) => ({ shape: [1], data: Float32Array.of(value) });
  const beside = { 'module.normalize.mean': buffer(0.3), 'module.normalize.std': buffer(0.25) };
  const file = join(folder, 'theirs.pth');
  const bytes = encodeTorchFile({ ...Object.fromEntries(wrapped), ...beside });
  writeFileSync(file, bytes.subarray(0, 3000));
  await openFile(page, file);
  await page.getByText(/^theirs.pth: The file is cut off or damaged/).waitFor();
  const whole = join(folder, 'whole.pth');
  writeFileSync(whole, bytes);
  await openFile(page, whole);
  await page.getByRole('button', { name: /^The original/ }).click();
  await page
    .getByText(
      /^The study now starts from whole.pth, a ResNet of 1-1 basic blocks .* Images are normalised as it says, with mean 0.3 and std 0.25\./,
    )
    .waitFor();
});
