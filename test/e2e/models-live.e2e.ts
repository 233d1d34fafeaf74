import { expect, it } from 'vitest';
import { encodeCheckpoint } from '../../src/lab/nn/checkpoint';
import { initialise } from '../../src/lab/nn/initialise';
import { specOfConfig } from '../../src/lab/nn/models';
import type { ModelConfig } from '../../src/lab/nn/spec';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });
const { config } = tinyStudy.model as { config: ModelConfig };
const spec = specOfConfig(config);
const bytes = Buffer.from(encodeCheckpoint(spec, initialise(spec, 5)));

it('a model from a file is compared with the oracle of a study that was computed here, and both learn again', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  await page.getByRole('button', { name: 'Run it here', exact: true }).click();
  await page.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
  await page.keyboard.press('2');
  await page.locator('.model-images canvas').first().waitFor();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'From a file…' }).click();
  await (await choosing).setFiles({ name: 'theirs.safetensors', mimeType: '', buffer: bytes });
  await page.getByText('theirs.safetensors is now a run of the study').first().waitFor();
  const a = page.getByLabel('Model A');
  await expect
    .poll(() => a.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text))
    .toBe('theirs.safetensors');
  expect(await page.getByLabel('Model B').inputValue()).toBe('oracle');
  const grid = page.locator('.model-images .image-grid');
  await grid.press('ArrowRight');
  await page
    .locator('.model-images .readout')
    .getByText(/A theirs\.safetensors: .+ B oracle: /)
    .waitFor();

  // Both learn the forget set again, in as many steps as are asked for.
  await page.getByRole('radio', { name: 'relearning' }).check();
  await page.getByLabel('Steps').fill('3');
  await page.getByRole('button', { name: 'Relearn', exact: true }).click();
  await page.getByText(/on average over 3 steps/).waitFor();
  await page.getByRole('button', { name: 'Show what was recorded' }).click();
  await page.getByText(/on average over 16 steps/).waitFor();
});
