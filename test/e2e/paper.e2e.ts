import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { latexParser } from 'latex-utensils';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { seriousViolations } from './support/axe';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { recordedFixture } from './support/recorded';

const lab = labForTests({ files: recordedFixture() });

async function openQuickstart(options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
  const page = await openPage(lab.browser, `${lab.site.url}#s=1.quickstart`, {
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  await page.locator('.runs-number').first().waitFor();
  return page;
}

const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const focused = (page: Page) =>
  page.evaluate(() => {
    const { ariaLabel, textContent } = document.activeElement!;
    return ariaLabel ?? textContent;
  });
/** How much wider the page is than its window, in pixels. */
const overhang = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

it('copies the runs table as LaTeX, and makes every kind of text for a paper by keyboard', async () => {
  const page = await openQuickstart();
  await page.getByLabel('Save Runs').click();
  await page.getByRole('menuitem', { name: 'Copy as LaTeX' }).click();
  await page.getByText('The table is in the clipboard as LaTeX').waitFor();
  const latex = await copied(page);
  expect(latex).toMatch(/\\begin\{tabular\}.*\\toprule.*DEL & 0\.10 & .*\\bottomrule/s);
  expect(latex).toContain(`\\url{${lab.site.url}#s=1.quickstart}`);
  expect(() => latexParser.parse(latex)).not.toThrow();

  const save = page.getByLabel('Save Runs');
  await save.focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: /^For a paper/ });
  await item.waitFor();
  // An open menu takes the keyboard a moment later: arrows pressed before that are lost.
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowDown');
      return focused(page);
    })
    .toMatch(/^For a paper/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'For a paper' });
  await dialog.getByText('\\begin{tabular}').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('radio', { name: 'LaTeX' }).focus();
  for (const [format, mark] of [
    ['Markdown', '| Method | Localization |'],
    ['HTML', '<!doctype html>'],
    ['CSV', 'model,label,method,strategy,alpha,seed,n,epochs,rate'],
    ['CSV of means', 'gap,gap_std,gap_half95'],
    ['BibTeX', '@article{torkzadehmahani2025,'],
  ] as const) {
    await page.keyboard.press('ArrowRight');
    await dialog.getByRole('radio', { name: format, exact: true, checked: true }).waitFor();
    await dialog
      .getByRole('region', { name: /^Preview/ })
      .getByText(mark)
      .waitFor();
  }
  await dialog.getByRole('button', { name: 'Copy: BibTeX' }).press('Enter');
  await dialog.getByText('copied').waitFor();
  expect(await copied(page)).toContain('@software{lethe,');
  await dialog.getByRole('radio', { name: 'CSV', exact: true }).check();
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save runs.csv' }).press('Enter');
  const file = await saving;
  expect(file.suggestedFilename()).toBe('runs.csv');
  const rows = parse(await readFile(await file.path(), 'utf8'), { columns: true, cast: true }) as object[];
  expect(rows).toContainEqual(
    expect.objectContaining({ model: 'run', strategy: 'del', alpha: 0.1, seed: 0, rate: expect.any(Number) }),
  );
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => focused(page)).toBe('Save Runs');
});

it('says by keyboard where a number comes from, and how to compute it again', async () => {
  const page = await openQuickstart();
  // Tab reaches one number of the table, arrows the others.
  expect(await page.locator('.runs-number[tabindex="0"]').count()).toBe(1);
  await page.locator('.runs-number[tabindex="0"]').focus();
  const row = page.getByRole('row', { name: /^DEL/ }).first();
  const wanted = (await row.locator('.runs-number').nth(1).textContent())!;
  for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => focused(page)).toBe(wanted);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Where this number comes from' });
  await dialog.getByText('Computes it again').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  const text = await dialog.innerText();
  expect(text).toContain(`test accuracy of DEL: ${wanted}`);
  expect(text).toMatch(/Method\s+reset-finetune, epochs \d+, lr /);
  expect(text).toMatch(/evaluate\s+[0-9a-f]{12}/);
  await dialog.getByRole('button', { name: 'Copy the command' }).press('Enter');
  await expect
    .poll(() => copied(page))
    .toMatch(/^npx lethe run quickstart --only del-reset-finetune-a0\.1-s0/);
  await dialog.getByRole('button', { name: 'Copy all: all of this' }).press('Enter');
  await expect.poll(() => copied(page)).toMatch(/^ {2}unlearn [0-9a-f]{40}$/m);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => focused(page)).toBe(wanted);
});

it('shows both dialogs whole on a phone, light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await openQuickstart({ viewport: { width: 390, height: 844 }, colorScheme });
    await page.locator('.runs-number').first().click();
    const origin = page.getByRole('dialog', { name: 'Where this number comes from' });
    await origin.getByText('Computes it again').waitFor();
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    expect(await seriousViolations(page)).toEqual([]);
    await origin.getByRole('button', { name: 'Close' }).click();
    await page.getByLabel('Save Runs').click();
    await page.getByRole('menuitem', { name: /^For a paper/ }).click();
    const desk = page.getByRole('dialog', { name: 'For a paper' });
    await desk.getByRole('button', { name: 'Save runs.tex' }).scrollIntoViewIfNeeded();
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    expect(await seriousViolations(page)).toEqual([]);
    await page.context().close();
  }
});
