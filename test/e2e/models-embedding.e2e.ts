import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { answeredStudy } from '../support/answered-study';
import { PICTURED, withPictures } from '../support/compared-pictures';
import { seriousViolations } from './support/axe';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { openJson } from './support/open-file';

const answered = await answeredStudy();
const result = await withPictures(answered);
const lab = labForTests({ files: { 'recorded/quickstart.json': JSON.stringify(result) } });

const EMBEDDING = '#v=models&tab=embedding';
const picture = (page: Page, name: RegExp) => page.getByRole('group', { name });
const chip = (page: Page, name: RegExp) => page.locator('.model-images .chip').filter({ hasText: name });
const ready = async (page: Page) => {
  await page.locator('.model-images canvas').first().waitFor();
  await page.locator('.embedded-marks').first().waitFor();
};
/** How many images of all sets are picked. */
const picked = async (page: Page) =>
  Number(
    /clear (\d+) picked/.exec(await page.getByRole('button', { name: /^clear \d+ picked/ }).innerText())![1],
  );

/** Draws around the left half of a picture. */
async function lassoLeftHalf(page: Page, of: Locator): Promise<void> {
  const frame = of.locator('.embedded-frame');
  await frame.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await frame.boundingBox())!;
  const [left, right, top, bottom] = [x + 2, x + width / 2, y + 2, y + height - 2];
  await page.mouse.move(left, top);
  await page.mouse.down();
  for (const [u, v] of [
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ] as const)
    await page.mouse.move(u, v, { steps: 4 });
  await page.mouse.up();
}

it('a lasso in one picture marks the same images in the other and limits the grid to them', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${EMBEDDING}`);
  await ready(page);
  await page.getByText(`${3 * PICTURED} images`).waitFor();
  const [a, b] = [picture(page, /^A DEL/), picture(page, /^B oracle/)];
  await lassoLeftHalf(page, a);
  const own = chip(page, /picked in the embedding/);
  const inGrid = Number(/^(\d+) picked/.exec(await own.innerText())![1]);
  expect(inGrid).toBeGreaterThan(0);
  expect(inGrid).toBeLessThan(PICTURED);
  await chip(page, new RegExp(`^all ${inGrid}$`)).waitFor();
  // The same images in B, which lie elsewhere there.
  const marksOf = (of: Locator) =>
    of
      .locator('[data-state="picked"][data-set="forget"]')
      .evaluate((path) => path.getAttribute('d')!.split('M').length - 1);
  expect(await marksOf(a)).toBe(inGrid);
  expect(await marksOf(b)).toBe(inGrid);
  // A field of the view leaves out what it does not keep.
  await chip(page, /^still remembered/).click();
  await lassoLeftHalf(page, b);
  const remembered = Number(/^(\d+) picked/.exec(await own.innerText())![1]);
  await chip(page, new RegExp(`^still remembered ${remembered}$`)).waitFor();
  // The retained ones have no fate; where a set has none of the picked images, another one is shown.
  await chip(page, /^all/).click();
  await page.getByRole('button', { name: /^to forget \d+/ }).click();
  await lassoLeftHalf(page, a);
  await expect.poll(() => page.getByRole('radio', { name: 'retain' }).isChecked()).toBe(true);
  await own.click();
  await chip(page, /^all 1,000$/).waitFor();
  expect(await own.count()).toBe(0);
  await page.context().close();
});

it('is walked, opened and boxed in by keyboard, and marks what the grid points at', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${EMBEDDING}`);
  await ready(page);
  const a = picture(page, /^A DEL/);
  await page.getByRole('button', { name: 'lasso' }).focus();
  await page.keyboard.press('Tab');
  await expect.poll(() => a.evaluate((element) => element === document.activeElement)).toBe(true);
  const readout = page.locator('.embedding-readout');
  await readout.getByText(/ · image \d+ · /).waitFor();
  const before = await readout.innerText();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => readout.innerText()).not.toBe(before);
  // The same image is ringed in both pictures.
  expect(await page.locator('.embedded-pointed').count()).toBe(2);
  const index = /image (\d+)/.exec(await readout.innerText())![1];
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Image ${index}` }).waitFor();
  await page.keyboard.press('Space');
  expect(await picked(page)).toBe(1);
  for (let i = 0; i < 12; i++) await page.keyboard.press(i % 2 ? 'Shift+ArrowLeft' : 'Shift+ArrowUp');
  await page.locator('.embedded-lasso').waitFor();
  expect(await picked(page)).toBeGreaterThan(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.embedded-lasso').count()).toBe(0);
  await chip(page, /^all 1,000|^all 200/).waitFor();
  // From the grid to the pictures.
  await page.locator('.model-images').getByLabel('Order of the images').selectOption('by number');
  await page.getByRole('radio', { name: 'forget', exact: true }).check();
  await page.locator('.model-images .image-grid').press('ArrowRight');
  await expect.poll(() => page.locator('.embedded-pointed').count()).toBe(2);
  await page.context().close();
});

it('moves the images from A to B, in one step where motion is not wanted', async () => {
  for (const [reducedMotion, half] of [
    ['no-preference', '50 % of the way from A to B'],
    ['reduce', 'B oracle'],
  ] as const) {
    const page = await openPage(lab.browser, `${lab.site.url}${EMBEDDING}`, { reducedMotion });
    await ready(page);
    const places = () => page.locator('.embedded-marks [data-set="forget"]').first().getAttribute('d');
    await page.getByRole('radio', { name: 'A → B' }).check();
    const atA = await places();
    const slider = page.getByRole('slider', { name: 'Images between A and B' });
    if (reducedMotion === 'reduce') await slider.press('ArrowRight');
    else await slider.fill('0.5');
    await picture(page, new RegExp(`^${half}`)).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe(half);
    expect(await places()).not.toBe(atA);
    await page.context().close();
  }
});

it('shows the probabilities of every class, and leads to the nearest training images', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}#v=models`);
  await page.locator('.model-images canvas').first().waitFor();
  const { forget, retain } = result.detail.answered!;
  await page.locator('.model-images').getByLabel('Order of the images').selectOption('by number');
  await page.locator('.model-images .image-grid').press('ArrowRight');
  await page.locator('.model-images .image-grid').press('Enter');
  await page.getByRole('heading', { name: `Image ${forget[0]}` }).waitFor();
  const rows = page.locator('.probabilities tbody tr');
  expect(await rows.count()).toBe(5);
  const label = rows.first().locator('td[data-label]');
  expect(await label.innerText()).toBe('60');
  expect(await label.locator('.probability-bar > span').evaluate((bar) => bar.style.height)).toMatch(/^60/);
  const nearest = page.locator('.nearest-row').first().getByRole('button');
  expect(await nearest.count()).toBe(3);
  await nearest.first().click();
  await page.getByRole('heading', { name: `Image ${forget[1]}` }).waitFor();
  await nearest.nth(1).click();
  // A retained image, whose set is shown then.
  await expect.poll(() => page.getByRole('radio', { name: 'retain' }).isChecked()).toBe(true);
  const heading = await page.locator('.model-image h2').innerText();
  expect(retain).toContain(Number(heading.replace('Image ', '')));
  // Beyond the kept sample only class and confidence are known.
  await page.goto(`${lab.site.url}#v=models&set=retain&image=${retain.at(-1)}`);
  await page.getByText(`kept of ${PICTURED} of 1,000 retained images only`).first().waitFor();
  expect(await page.locator('.said-by tbody tr').count()).toBe(5);
  await page.context().close();
});

it('shows mean probabilities instead of shares in the matrices', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}#v=models`);
  await page.locator('.matrices').waitFor();
  await page.getByRole('radio', { name: 'mean probability' }).check();
  await page.getByRole('gridcell', { name: 'Shirt, DEL says Shirt: 50 % on average' }).waitFor();
  await page
    .getByRole('gridcell', {
      name: /^Shirt taken for Shirt: A 50 % on average; B 70 % on average; −20 points$/,
    })
    .waitFor();
  await page.context().close();
});

it('says what to do where a result holds no comparisons, and draws the rest', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${EMBEDDING}`);
  await ready(page);
  await openJson(page, 'result.json', JSON.stringify(answered));
  await page.getByText(/^This result does not hold it \(embedding\): run the study here/).waitFor();
  await page.locator('.model-images .image-grid').click({ position: { x: 30, y: 30 } });
  await page.getByText(/^This result does not hold it \(predictions\)/).waitFor();
  await page.getByText(/^This result does not hold it \(nearest images\)/).waitFor();
  await page.context().close();
});

for (const colorScheme of ['light', 'dark'] as const)
  it(`has no serious accessibility violation in the ${colorScheme} theme, and scrolls sideways at no width`, async () => {
    const page = await openPage(lab.browser, `${lab.site.url}${EMBEDDING}`, { colorScheme });
    await ready(page);
    await page.locator('.model-images .image-grid').click({ position: { x: 30, y: 30 } });
    await page.locator('.nearest-image').first().waitFor();
    for (const mode of ['A and B', 'A → B']) {
      await page.getByRole('radio', { name: mode }).check();
      expect(await seriousViolations(page)).toEqual([]);
      for (const width of [1440, 1024, 390, 360]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    }
    await page.context().close();
  });
