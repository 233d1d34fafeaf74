import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { fixtureStudy } from '../support/fixture-study';
import { seriousViolations } from './support/axe';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { openJson } from './support/open-file';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });

const own = (page: Page) => page.getByRole('list', { name: 'Computed or opened here' });
const row = (page: Page, name: string) =>
  own(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('checkbox', { name: `Compare ${name}`, exact: true }) });
const names = (page: Page) => own(page).locator('.study-open').allInnerTexts();
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const computed = (page: Page) =>
  page
    .getByText(/^computed here · SwiftShader \(CPU\)/)
    .first()
    .waitFor();

/** A page that has run the tiny study. */
async function ran(): Promise<Page> {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  await button(page, 'Run it here').click();
  await computed(page);
  await page.keyboard.press('3');
  await row(page, 'Tiny').getByText('computed here', { exact: true }).waitFor();
  await page.keyboard.press('1');
  return page;
}

it('a study that is run is shown at once after a reload, and is in the library, where it is renamed, deleted and brought back', async () => {
  const page = await ran();
  await page.reload();
  await page.getByText(/^computed here · SwiftShader \(CPU\) · \d+ \w+ \d{4}$/).waitFor();
  await page.keyboard.press('3');
  const tiny = row(page, 'Tiny');
  await tiny.getByText(/^\d+ \w+ \d{4} · SwiftShader \(CPU\) · [\d.]+ kB$/).waitFor();
  // Original, oracle and one run.
  expect(await tiny.locator('svg.sketch > :not(line)').count()).toBe(3);
  await tiny.getByRole('button', { name: 'Rename Tiny' }).click();
  await page.getByLabel('Name of Tiny').fill('My baseline');
  await page.keyboard.press('Enter');
  await row(page, 'My baseline').waitFor();
  expect(
    await row(page, 'My baseline')
      .getByRole('button', { name: 'Rename My baseline' })
      .evaluate((pencil) => pencil === document.activeElement),
  ).toBe(true);
  await page.reload();
  await row(page, 'My baseline').getByRole('button', { name: /^Pin / }).click();
  await expect
    .poll(() => row(page, 'My baseline').getByRole('button', { name: /^Pin / }).getAttribute('aria-pressed'))
    .toBe('true');
  await page.getByText(/^On this disk: results [\d.]+ kB, trained weights, scores and masks \d/).waitFor();

  await row(page, 'My baseline').getByRole('button', { name: 'Delete My baseline' }).click();
  await page.getByText('Nothing was computed or opened here yet.', { exact: false }).waitFor();
  await page.getByText('“My baseline” was deleted from the library.').waitFor();
  await button(page, 'Undo').click();
  await row(page, 'My baseline').getByText('computed here', { exact: true }).waitFor();

  await button(page, 'My baseline').click();
  await page.getByRole('button', { name: 'Study: My baseline. Choose a preset.' }).waitFor();
  await page.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).waitFor();
  await page.context().close();
});

it('an opened result is there after a reload too; the library is exported, deleted, and imported again', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await openJson(page, 'result.json', JSON.stringify(fixtureStudy()));
  await page.getByText('opened · fixture device · 23 Nov 2026').waitFor();
  await page.keyboard.press('3');
  const name = 'Forget half of two classes (fixture)';
  await row(page, name).getByText('opened from a file', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('opened · fixture device · 23 Nov 2026').first().waitFor();

  const saving = page.waitForEvent('download');
  await button(page, 'Export all').click();
  const text = await readFile(await (await saving).path(), 'utf8');
  expect(text.split('\n')).toHaveLength(3);
  await button(page, 'Delete all').click();
  await page.getByText('Nothing was computed or opened here yet.', { exact: false }).waitFor();

  const choosing = page.waitForEvent('filechooser');
  await button(page, 'Import').click();
  const bad = '{"entry":{"name":"Broken"},"result":{"lethe":1}}\n';
  await (await choosing).setFiles({
    name: 'lethe-library.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(text + bad),
  });
  await page.getByText('1 study was added from lethe-library.jsonl.').waitFor();
  await page.getByText(/^lethe-library\.jsonl: Line 3: “Broken”: This is not a result of Lethe/).waitFor();
  expect(await names(page)).toEqual([name]);
  await page.context().close();
});

it('lays two recordings over each other: plane, table, curves and settings name both, and the address restores it', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await button(page, 'Studies').click();
  await page.getByRole('checkbox', { name: 'Compare Forget half of two classes' }).check();
  await page.getByRole('checkbox', { name: 'Compare Forget one class' }).check();
  const plane = page.locator('.overlay-plane');
  const point = (letter: string, study: string) =>
    plane.getByRole('button', {
      name: new RegExp(`^${letter} DEL .*of “${study}”, alpha [\\d.]+: Δ forget `),
    });
  await point('A', 'Forget half of two classes').waitFor();
  await point('B', 'Forget one class').focus();
  await plane.getByText(/^B DEL .*of “Forget one class”, α [\d.]+$/).waitFor();
  for (const study of ['A Forget half of two classes', 'B Forget one class'])
    await page.locator('.overlay-table').getByRole('cell', { name: study }).first().waitFor();
  const labels = page.locator('.overlay-curves .curve-label');
  await expect.poll(() => labels.allTextContents()).toEqual(['A DEL', 'B DEL']);
  await page.getByRole('radio', { name: 'oracle', exact: true }).check();
  await expect.poll(() => labels.allTextContents()).toEqual(['A oracle', 'B oracle']);
  const differences = page.locator('.settings-diff');
  await differences.getByRole('row', { name: /^Forget set / }).waitFor();
  // Both try the same two rates.
  expect(await differences.getByRole('row', { name: /Momentum|Learning rate/ }).count()).toBe(0);
  // The address follows a moment later.
  await page.waitForURL(/#v=studies&with=quickstart\.class$/);
  await page.reload();
  await point('B', 'Forget one class').waitFor();
  await page.context().close();
});

it('a study that is stopped is listed as unfinished, and a second tab says that it is at work in the first', async () => {
  const first = await openPage(
    lab.browser,
    `${lab.site.url}${linkTo({ ...tinyStudy, oracle: { ...tinyStudy.oracle, epochs: 30 } })}`,
  );
  const second = await first.context().newPage();
  await second.goto(`${lab.site.url}#v=studies`);
  await second.locator('.library').waitFor();
  expect(await second.getByText('at work', { exact: false }).count()).toBe(0);
  await button(first, 'Run it here').click();
  await second.getByText('“Tiny” is at work in another tab of this browser.').waitFor();
  await second
    .locator('.status-line')
    .getByText(/^\d+ %/)
    .waitFor();
  await row(second, 'Tiny')
    .getByText(/^at work in another tab: \d+ %/)
    .waitFor();
  // A third one that is opened later hears of it too.
  const third = await first.context().newPage();
  await third.goto(lab.site.url);
  await third.getByText('“Tiny” is at work in another tab of this browser.').waitFor();

  await button(first, 'Stop').click();
  await second.getByText('“Tiny” has ended in another tab', { exact: false }).waitFor();
  expect(await second.getByText('is at work in another tab', { exact: false }).count()).toBe(0);
  await row(second, 'Tiny')
    .getByText(/^unfinished, \d+ of \d+ stages$/)
    .waitFor();

  // Whose tab is closed has ended too.
  await button(first, 'Run again').click();
  await second.getByText('“Tiny” is at work in another tab of this browser.').waitFor();
  await first.close();
  await second
    .getByText('is at work in another tab', { exact: false })
    .first()
    .waitFor({ state: 'detached' });
  await second.context().close();
});

for (const colorScheme of ['light', 'dark'] as const)
  it(`has no serious accessibility violation in the ${colorScheme} theme, and scrolls sideways at no width`, async () => {
    const page = await openPage(lab.browser, `${lab.site.url}#v=studies`, { colorScheme });
    await page.getByRole('checkbox', { name: 'Compare Forget one class' }).waitFor();
    // Of the sweep table what is folded away, too.
    await page.getByRole('button', { name: 'Settings of row 1' }).click();
    expect(await seriousViolations(page)).toEqual([]);
    await page.evaluate(() => {
      location.hash = '#v=studies&with=quickstart.paper-orderings';
    });
    await page.locator('.overlay-curves .recharts-surface').waitFor();
    await page.locator('.overlay-plane .plane-point').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    for (const width of [1440, 1366, 1024, 390, 360]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    await page.context().close();
  });
