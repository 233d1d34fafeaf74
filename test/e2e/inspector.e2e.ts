import { expect, it } from 'vitest';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { linkTo, uncomparedStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });

it('the inspector shows selected units, probes the network without them, and makes them a mask; the overlap compares all strategies', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(uncomparedStudy)}`);
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await page.getByRole('button', { name: 'Run it here', exact: true }).click();
  await page.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();

  const map = page.getByRole('group', { name: /^Memorization map of DEL/ });
  await map.focus();
  for (const key of ['ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight']) await page.keyboard.press(key);
  await inspector.getByText('conv1 · 3 channels').waitFor();
  await page.keyboard.press('Control+z');
  await inspector.getByText('conv1 · 2 channels').waitFor();
  await page.keyboard.press('Escape');
  await inspector.getByText(/^Select units on the memorization map/).waitFor();

  await page.getByRole('button', { name: 'Layer conv1' }).click();
  await inspector.getByText('all 8 examples').waitFor();
  expect(await inspector.getByRole('img', { name: /training image \d+$/ }).count()).toBe(8);
  expect(await inspector.getByRole('img', { name: /^Weights of conv1\.weight:\d/ }).count()).toBe(4);
  await inspector.getByRole('button', { name: 'Zero these' }).click();
  await inspector.getByRole('row', { name: /^test( \d+\.\d){2} [+−]?\d+\.\d 20$/ }).waitFor();
  await inspector.getByRole('button', { name: 'Use as manual mask' }).click();
  await page.getByRole('button', { name: /^Run · \d+ stages$/ }).waitFor();

  await page.locator('.slot-falls').getByText('overlap', { exact: true }).click();
  const grid = page.getByRole('region', { name: 'Mask overlap' });
  await grid.getByRole('button', { name: /^Score \d+ more strategies$/ }).click();
  await grid.getByText('CritMem').first().waitFor();
  expect(await grid.getByRole('row', { name: /^DEL 1\.00( [01]\.\d\d){10}$/ }).count()).toBe(1);
  await page.context().close();
});
