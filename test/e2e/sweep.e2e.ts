import { latexParser } from 'latex-utensils';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Study } from '../../src/lab/study/study';
import { seriousViolations } from './support/axe';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { linkTo, tinyStudy, uncomparedStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });

const [del] = tinyStudy.runs;
const study: Study = {
  ...uncomparedStudy,
  pretrain: { ...tinyStudy.pretrain, epochs: 1, batch: 40 },
  oracle: { ...tinyStudy.oracle, epochs: 1, batch: 40 },
  runs: [{ ...del!, unlearn: { epochs: 1, batch: 40, lr: 0.1 } }],
};

const row = (page: Page, number: number) => page.getByRole('group', { name: new RegExp(`^Row ${number}: `) });
const rowNames = (page: Page) =>
  page.getByRole('group', { name: /^Row \d+: / }).evaluateAll((rows) => rows.map((each) => each.ariaLabel));
const total = (page: Page) => page.locator('.sweep-total');

const hasFocus = (wanted: Locator) => wanted.evaluate((element) => element === document.activeElement);

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await wanted.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    if (await hasFocus(wanted)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Sixty presses of ${key} did not reach ${wanted}.`);
}

/** Types over what a field holds. */
async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

it('a sweep is designed by keyboard, priced, run, said what came of, shown again after a reload, and laid over another study', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(study)}`, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByRole('button', { name: 'Run it here', exact: true }).waitFor();
  await page.keyboard.press('3');
  const [first, second] = [row(page, 1), row(page, 2)];

  await typeInto(page, page.getByLabel('Seeds', { exact: true }), '0, 1');
  // What cannot be used is refused in place, and stays there to be mended.
  await typeInto(page, first.getByLabel('Budget α'), '0.1, 3');
  await first.getByText('3 does not lie between 0 and 1. Until that is mended, 0.3 counts.').waitFor();
  await typeInto(page, first.getByLabel('Learning rate'), '0.1, 0.01');
  expect(await first.getByLabel('Budget α').inputValue()).toBe('0.1, 3');
  await total(page).getByText('4 runs', { exact: true }).waitFor();
  await page.keyboard.press('Shift+Tab');
  await typeInto(page, first.getByLabel('Budget α'), '0.1, 0.3');
  expect(await first.getByRole('alert').count()).toBe(0);

  await tabTo(page, first.getByRole('button', { name: 'Duplicate row 1' }));
  await page.keyboard.press('Enter');
  await expect.poll(() => hasFocus(second.getByLabel('Strategy'))).toBe(true);
  await second.getByText('same as row 1').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Finetune');
  await page.getByRole('group', { name: 'Row 2: DEL with Finetune' }).waitFor();
  // Budgets and epochs are those of the first row, the rate is the method's own; the first row has kept everything.
  expect(await second.getByLabel('Budget α').inputValue()).toBe('0.1, 0.3');
  expect(await second.getByLabel('Learning rate').inputValue()).toBe('0.01');
  await second.getByText('Batch size 40').waitFor();
  await typeInto(page, second.getByLabel('Learning rate'), '0.1, 0.01');
  expect(await first.getByLabel('Learning rate').inputValue()).toBe('0.1, 0.01');
  await total(page).getByText('16 runs', { exact: true }).waitFor();

  await tabTo(page, first.getByRole('checkbox', { name: 'tuned' }), 'Shift+Tab');
  await page.keyboard.press('Space');
  await first.getByText('best of 2', { exact: true }).waitFor();
  await total(page).getByText('12 runs, 4 candidates', { exact: true }).waitFor();

  // Rows are moved, deleted and brought back, and the focus goes with them.
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(() => rowNames(page)).toEqual(['Row 1: DEL with Finetune', 'Row 2: DEL']);
  await expect.poll(() => hasFocus(second.getByRole('button', { name: 'Move row 2 down' }))).toBe(true);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => rowNames(page)).toEqual(['Row 1: DEL', 'Row 2: DEL with Finetune']);
  await tabTo(page, second.getByRole('button', { name: 'Delete row 2' }));
  await page.keyboard.press('Enter');
  await expect.poll(() => rowNames(page)).toEqual(['Row 1: DEL']);
  await page.keyboard.press('Control+z');
  await expect.poll(() => rowNames(page)).toEqual(['Row 1: DEL', 'Row 2: DEL with Finetune']);
  expect(await seriousViolations(page)).toEqual([]);

  await expect.poll(() => total(page).innerText()).toMatch(/To compute\s+[\d,]+ image passes/);
  expect(await total(page).innerText()).toMatch(/Memory\s+\d/);
  await tabTo(page, page.getByRole('button', { name: 'Run it here', exact: true }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('1');

  const chosen = page.getByRole('list', { name: 'How settings were chosen' });
  const sentence =
    /DEL.* is tuned: lr 0\.1?\d*, the best of 2 candidates on seed 1000 by the gap to the oracle in points: lr 0\.1: [\d.]+; lr 0\.01: [\d.]+\./;
  const seen = async () => {
    await page.getByText(/^computed here · SwiftShader \(CPU\)/).waitFor();
    expect(await page.locator('.card[data-state="done"]').count()).toBe(6);
    expect((await chosen.allInnerTexts())[0]).toMatch(sentence);
    expect((await chosen.allInnerTexts())[0]).toContain('The runs did not get the same number of candidates');
    for (const rate of ['0.1', '0.01'])
      await page
        .getByRole('row', { name: new RegExp(`^del · finetune · lr ${rate.replace('.', '\\.')}`, 'i') })
        .first()
        .waitFor();
    return await page.locator('.outcome').first().innerText();
  };
  const verdict = await seen();
  expect(verdict).not.toBe('');
  await page.getByLabel('Save Runs').click();
  await page.getByRole('menuitem', { name: 'Copy as LaTeX' }).click();
  await page.getByText('The table is in the clipboard as LaTeX').waitFor();
  const latex = await page.evaluate(() => navigator.clipboard.readText());
  expect(() => latexParser.parse(latex)).not.toThrow();
  expect(latex).toMatch(/\\toprule.*DEL & 0\.10 & .*DEL & 0\.30 & .*lr 0\.1\).*lr 0\.01\).*\\bottomrule/s);

  await page.reload();
  expect(await seen()).toBe(verdict);
  await page.keyboard.press('3');
  await total(page).getByText('12 runs, 4 candidates', { exact: true }).waitFor();
  await page.getByRole('checkbox', { name: /^Compare Tiny/ }).check();
  await page.getByRole('checkbox', { name: 'Compare Forget one class' }).check();
  const point = (name: RegExp) => page.locator('.overlay-plane').getByRole('button', { name }).first();
  await point(/^A .*of “Tiny/).waitFor();
  await point(/^B DEL .*of “Forget one class”/).waitFor();
});

it('a study of many runs is priced by a worker, and an edit of it too', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}#s=1.cifar10-resnet18-iid&v=studies`);
  await total(page).getByText('78 runs', { exact: true }).waitFor();
  const passes = total(page).getByText(/^[\d,]+ image passes$/);
  const before = await passes.innerText();
  expect(page.workers().filter((worker) => worker.url().includes('plan.worker'))).toHaveLength(1);
  await row(page, 1).getByLabel('Budget α').fill('0.1, 0.3');
  await page.keyboard.press('Enter');
  await total(page).getByText('81 runs', { exact: true }).waitFor();
  await expect.poll(() => passes.innerText()).not.toBe(before);
});
