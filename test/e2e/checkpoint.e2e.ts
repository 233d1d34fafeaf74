import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { encodeIndexList } from '../../src/lab/forget/index-lists/encode';
import { encodeCheckpoint } from '../../src/lab/nn/checkpoint';
import { initialise } from '../../src/lab/nn/initialise';
import { specOfConfig } from '../../src/lab/nn/models';
import { encodeSafetensors, parseHead } from '../../src/lab/nn/safetensors';
import { sizeOf } from '../../src/lab/tensors';
import { encodeTorchFile } from '../support/torch-file';
import { loadAxe, seriousViolations } from './support/axe';
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
  expect(new Set(steps.map(({ stage }) => stage))).toEqual(new Set(['oracle', 'unlearn', 'compare']));
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
  await page.getByText('whole.pth: its network lies under "module."', { exact: false }).waitFor();
});

/** A checkpoint with an optimizer's state of 400 MB before its network: a hole in the file, which takes no space on the disk. */
function largeCheckpoint(name: string): string {
  const file = join(folder, name);
  const tensors = Object.entries(initialise(spec, 5)).map(([name, tensor]) => [`model.${name}`, tensor]);
  const network = encodeSafetensors(Object.fromEntries(tensors));
  const { places } = parseHead(network);
  const bodyAt = Math.min(...[...places.values()].map(({ from }) => from));
  const state = 400_000_000;
  const header = {
    'optimizer.exp_avg': { dtype: 'F32', shape: [state / 4], data_offsets: [0, state] },
    ...Object.fromEntries(
      [...places].map(([name, { dtype, shape, from, to }]) => [
        name,
        { dtype, shape, data_offsets: [state + from - bodyAt, state + to - bodyAt] },
      ]),
    ),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const start = Buffer.concat([length, text]);
  const at = openSync(file, 'w');
  writeSync(at, start);
  writeSync(at, network, bodyAt, network.length - bodyAt, start.length + state);
  closeSync(at);
  return file;
}

it('a large file is read with its progress, can be cancelled without a trace, and read again to its end', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  const file = largeCheckpoint('large.safetensors');
  const openAsOriginal = async () => {
    await openFile(page, file);
    await page.getByRole('button', { name: /^The original/ }).click();
    return page.getByRole('progressbar', { name: 'Reading large.safetensors' });
  };
  const weightsKept = () =>
    page.evaluate(async () => {
      const kept = await (await navigator.storage.getDirectory()).getDirectoryHandle('lethe-artifacts');
      const names: string[] = [];
      for await (const name of kept.keys()) if (name.startsWith('weights-')) names.push(name);
      return names;
    });

  await page.getByRole('main').waitFor();
  await loadAxe(page);
  const bar = await openAsOriginal();
  await bar.waitFor();
  await expect.poll(() => bar.getAttribute('aria-valuetext')).toMatch(/^[\d.]+ MB of 400 MB/);
  expect(await seriousViolations(page, '.notices')).toEqual([]);
  await page.getByRole('button', { name: 'Cancel reading large.safetensors' }).click();
  await page.getByText('Reading large.safetensors was cancelled; the study is unchanged.').waitFor();
  expect(await bar.count()).toBe(0);
  expect(await weightsKept()).toEqual([]);
  const train = page.locator('.card[data-step="train"]');
  expect(await train.textContent()).not.toContain('given');

  await openAsOriginal();
  await page.getByText(/^The study now starts from large.safetensors, a ResNet of 1-1 basic/).waitFor();
  expect(await weightsKept()).toHaveLength(1);
  await expect.poll(() => train.textContent()).toContain('given');
});

it('an original, an oracle, an unlearned model, a forget list and a mask from files are compared like any others', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  const question = page.getByRole('dialog', { name: 'What is this file?' });
  /** @param role asked for; undefined for files that can be one thing only */
  const openAs = async (name: string, bytes: Uint8Array, role: RegExp | undefined, said: RegExp) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    await openFile(page, file);
    if (role) await question.getByRole('button', { name: role }).click();
    await page.locator('.notice', { hasText: said }).waitFor();
  };
  const torch = (seed: number) => encodeTorchFile(initialise(spec, seed));
  await openAs('original.pth', torch(5), /^The original/, /^The study now starts from original.pth/);
  await openAs('oracle.pth', torch(6), /^The oracle/, /^The oracle is now oracle.pth/);
  await openAs('theirs.pth', torch(7), /^An unlearned model/, /^theirs.pth is now a run of the study/);
  const ones = spec.parameters.map(({ name, shape }) => [
    name,
    { shape: [...shape], data: new Uint8Array(sizeOf(shape)).fill(name.startsWith('fc') ? 1 : 0) },
  ]);
  const mask = encodeSafetensors(Object.fromEntries(ones));
  await openAs('head.safetensors', mask, undefined, /^The study now has a run within the mask/);
  const list = encodeIndexList([3, 4, 8, 17, 40], 'npy');
  await openAs('forget.npy', list, undefined, /^The forget set is now the 5 images of forget.npy/);

  await page.getByRole('button', { name: 'Run it here', exact: true }).click();
  await page.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
  const cells = (name: RegExp) => page.getByRole('row', { name }).locator('td').allTextContents();
  const [oracle, theirs] = [await cells(/^oracle/), await cells(/^theirs.pth/)];
  await page.getByRole('row', { name: /^head.safetensors/ }).waitFor();
  await page.getByRole('row', { name: /^DEL/ }).waitFor();
  // Forget accuracy, and its distance to the oracle as the table gives it: a column each, with a minus of its own.
  const number = (text: string | undefined) => Number(text!.replace('−', '-'));
  expect(number(oracle[1]) - number(theirs[1])).toBeCloseTo(number(theirs.at(-1)), 1);
  // Five images: accuracies are multiples of twenty.
  expect(number(theirs[1]) % 20).toBe(0);
});
