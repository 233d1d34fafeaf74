import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { answeredStudy } from '../support/answered-study';
import { fixtureStudy } from '../support/fixture-study';
import { seriousViolations } from './support/axe';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { openJson } from './support/open-file';

const result = await answeredStudy();
const lab = labForTests({ files: { 'recorded/quickstart.json': JSON.stringify(result) } });

const chip = (page: Page, name: RegExp) => page.locator('.model-images .chip').filter({ hasText: name });
const modelView = (page: Page) => page.locator('.model-images canvas').first().waitFor();

/** Of 200 images those that the run (every third) still knows and the oracle (every second) does not. */
const REMEMBERED = 33;

it('leads from a row to the images that are still remembered, and to what every model says of one', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await page.getByRole('button', { name: 'DEL', exact: true }).click();
  const compare = page.locator('.runs').getByRole('button', { name: /^Compare the chosen run/ });
  await compare.click();
  await modelView(page);
  expect(await page.getByLabel('Model A').inputValue()).toContain('del');
  expect(await page.getByLabel('Model B').inputValue()).toBe('oracle');
  await chip(page, /^still remembered/).click();
  await chip(page, new RegExp(`^still remembered ${REMEMBERED}$`)).waitFor();
  const grid = page.locator('.model-images .image-grid');
  await grid.press('ArrowRight');
  await page
    .locator('.model-images .readout')
    .getByText(/A DEL: .+ B oracle: /)
    .waitFor();
  await grid.press('Enter');
  await page.locator('.model-image-reading').getByText('Still remembered:').waitFor();
  // Original, oracle and three runs, each with a bar and a number.
  const rows = page.locator('.said-by tbody tr');
  expect(await rows.count()).toBe(5);
  expect(await rows.first().innerText()).toMatch(/^A\s*DEL.*80$/s);
  expect(
    await rows
      .first()
      .locator('.said-bar > span > span')
      .evaluate((bar) => bar.style.width),
  ).toBe('80%');
  await page.locator('.model-image .recharts-surface').waitFor();
  await page.goBack();
  await page.getByRole('row', { name: /^DEL/ }).waitFor();
  expect(await page.locator('.model-images').count()).toBe(0);
  await page.keyboard.press('2');
  await modelView(page);
  await page.locator('.model-image-reading').getByText('Still remembered:').waitFor();
  await page.keyboard.press('x');
  await expect.poll(() => page.getByLabel('Model A').inputValue()).toBe('oracle');
  await page.keyboard.press('1');
  await page.getByRole('row', { name: /^DEL/ }).waitFor();
  await page.context().close();
});

it('opens from a point of the plane and from an image of the forget set, which say what became of it', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  const point = page
    .locator('.plane-point')
    .filter({ has: page.locator('.plane-hit') })
    .nth(1);
  const name = /^(.+?)(, alpha .*)?: /.exec((await point.getAttribute('aria-label'))!)![1]!;
  await point.dblclick();
  await modelView(page);
  expect(
    await page.getByLabel('Model A').evaluate((select: HTMLSelectElement) => select.selectedOptions[0]!.text),
  ).toBe(name);
  await page.keyboard.press('1');
  await expect.poll(() => point.getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('button', { name: 'DEL', exact: true }).click();
  await page.locator('.fate-legend').getByText(`${REMEMBERED} remembered`).waitFor();
  await page.getByLabel('Order of the images').first().selectOption('still remembered first');
  const grid = page.locator('.forget-set .image-grid');
  await grid.press('ArrowRight');
  await page
    .locator('.forget-set .readout')
    .getByText(/still remembered: DEL says .+, the oracle /)
    .waitFor();
  await grid.press('Enter');
  await page.locator('.model-image-reading').getByText('Still remembered:').waitFor();
  // Nothing was picked on the way.
  await page.getByRole('button', { name: 'Study: Forget half of two classes. Choose a preset.' }).waitFor();
  await page.context().close();
});

it('filters the images by a field of a matrix, and moves the threshold by keyboard', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}#v=models&set=test`);
  await modelView(page);
  const grid = page.getByRole('grid', { name: /^B oracle/ });
  await grid.locator('[tabindex="0"]').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  const focused = grid.locator(':focus');
  const named = (await focused.getAttribute('aria-label'))!;
  const [, images] = /^Pullover, the oracle says Pullover: (\d+) of \d+ images/.exec(named)!;
  await focused.press('Enter');
  await chip(page, new RegExp(`^all ${images}$`)).waitFor();
  await chip(page, /^Pullover that the oracle takes for Pullover/).click();
  await chip(page, /^all 1,000$/).waitFor();
  await page.getByRole('radio', { name: 'attack' }).check();
  const threshold = page.getByRole('slider', { name: /^Threshold/ });
  await threshold.press('ArrowRight');
  expect(await threshold.getAttribute('aria-valuetext')).toBe('0.51');
  await page.getByRole('row', { name: /^retained \(members\) 1,000 0 100 %/ }).waitFor();
  await threshold.press('End');
  await page.getByRole('row', { name: /^retained \(members\) 0 1,000 0 %/ }).waitFor();
  await page.locator('.model-attack').getByText('retained against test:').waitFor();
  await page.context().close();
});

it('reads layers beside the mask, relearning, and collateral down to the image, by keyboard', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}#v=models&tab=layers`);
  await modelView(page);
  await page
    .locator('.model-layers')
    .getByText(
      /^DEL differs most from the oracle at logits \(CKA 0\.38 on 200 forget images\); its mask takes/,
    )
    .waitFor();
  const layers = page.getByRole('group', { name: /^Layers: / });
  for (const _ of ['stem', 'layer1.0']) await layers.press('ArrowDown');
  await page
    .locator('.model-layers .readout')
    .getByText(/^layer1\.0 · mask \d+ % · A CKA forget 0\.\d\d, .+ probe forget .+ · B probe forget/)
    .waitFor();
  await page.getByRole('button', { name: 'Layers as a table' }).click();
  expect(await page.locator('.model-layers tbody tr').count()).toBe(6);
  await page.getByRole('radio', { name: 'relearning' }).check();
  await page.getByText(/^A, DEL, is \d+\.\d points ahead of the oracle on average over 16 steps/).waitFor();
  const steps = page.getByRole('group', { name: /by step/ });
  for (const _ of [0, 1]) await steps.press('ArrowRight');
  await page
    .locator('.model-relearning .readout')
    .getByText(/^after step 1 · A DEL [\d.]+ % · B oracle [\d.]+ %$/)
    .waitFor();
  await page.getByLabel('Model B').selectOption('original');
  await page.getByText(/B, the original, is \d+\.\d points ahead of the oracle/).waitFor();
  await page.getByRole('radio', { name: 'collateral' }).check();
  await page
    .getByText(/^On 1,000 of 1,800 retained images: A, DEL, differs from the oracle by 0\.\d+ on average/)
    .waitFor();
  const points = page.getByRole('group', { name: /^Change of retained images/ });
  await points.press('ArrowRight');
  const readout = page.locator('.model-collateral .readout');
  await readout.getByText(/image \d+ · distance [\d.]+ · A DEL 0\.\d+ · B original [\d.]+$/).waitFor();
  const [, image] = /image (\d+)/.exec(await readout.innerText())!;
  await points.press('Enter');
  await page.getByRole('heading', { name: `Image ${image}`, exact: true }).waitFor();
  await page.locator('.collateral-selected circle').first().waitFor();
  await page.context().close();
});

it('says in a sentence what a result does not hold of the comparisons, and what is damaged', async () => {
  const { detail, ...rest } = result;
  const comparisons = detail.comparisons!.flatMap((record) =>
    record.comparison === 'layers'
      ? []
      : record.comparison === 'collateral' && record.model !== 'oracle'
        ? [{ ...record, found: { totalVariation: 'AAAA' } }]
        : [record],
  );
  const page = await openPage(lab.browser, `${lab.site.url}#v=models&tab=layers`);
  await modelView(page);
  await openJson(page, 'result.json', JSON.stringify({ ...rest, detail: { ...detail, comparisons } }));
  await page
    .locator('.model-layers')
    .getByText('This result does not hold it (layers): run the study here, which adds what is missing.')
    .waitFor();
  await page.getByRole('radio', { name: 'collateral' }).check();
  await page
    .getByText('What the file holds of DEL (collateral) is damaged: run the study again here.')
    .waitFor();
  await page.context().close();
});

it('is restored by its address; what is not known there is left out with a notice', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await modelView(page);
  await page.getByRole('radio', { name: 'attack' }).check();
  await page.getByLabel('Model A').selectOption('original');
  await chip(page, /^oracle disagrees/).click();
  await page.locator('.model-images .image-grid').click({ position: { x: 30, y: 30 } });
  const title = await page.locator('.model-image h2').innerText();
  await page.getByRole('button', { name: /^Share/ }).click();
  const link = page.url();
  await page.context().close();

  const other = await openPage(lab.browser, `${link.replace('tab=attack', 'tab=stars')}&wind=north`);
  await modelView(other);
  await other.getByText('The link asks for a tab “stars” that is not known here.').waitFor();
  await other.getByText('The link’s “wind=north” is not known here').waitFor();
  expect(await other.getByLabel('Model A').inputValue()).toBe('original');
  await other.getByRole('heading', { name: title }).waitFor();
  expect(await chip(other, /^oracle disagrees/).getAttribute('aria-pressed')).toBe('true');
  await other.context().close();
});

it('says in a sentence what to do where a result tells no answers', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}#v=models`);
  await modelView(page);
  await openJson(page, 'result.json', JSON.stringify({ ...fixtureStudy(), study: result.study }));
  await page.getByText(/^This result does not tell what its models say of single images/).waitFor();
  await page.context().close();
});

for (const colorScheme of ['light', 'dark'] as const)
  it(`has no serious accessibility violation in the ${colorScheme} theme, and scrolls sideways at no width`, async () => {
    const page = await openPage(lab.browser, `${lab.site.url}#v=models&show=remembered`, { colorScheme });
    await modelView(page);
    await page.locator('.model-images .image-grid').click({ position: { x: 30, y: 30 } });
    await page.locator('.said-by').waitFor();
    for (const tab of ['classes', 'layers', 'attack', 'relearning', 'collateral']) {
      await page.getByRole('radio', { name: tab }).check();
      const pictures: Record<string, string> = {
        classes: '.matrices',
        attack: '.model-attack .recharts-surface >> nth=1',
      };
      await page.locator(pictures[tab] ?? `.model-${tab} .recharts-surface`).waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      for (const width of [1440, 1024, 390, 360]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    }
    await page.context().close();
  });
