import { expect, it } from 'vitest';
import type { Study } from '../../src/lab/study/study';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });

const [run] = tinyStudy.runs;
const study: Study = {
  ...tinyStudy,
  pretrain: { ...tinyStudy.pretrain, epochs: 1 },
  oracle: { ...tinyStudy.oracle, epochs: 1 },
  runs: [
    { ...run!, unlearn: { epochs: 1, batch: 16, lr: [0.1, 0.01] }, select: { by: 'gap', seed: 1000 } },
    {
      label: 'Finetune',
      strategy: 'full',
      method: 'finetune',
      alpha: 1,
      seed: 0,
      unlearn: { epochs: [0, 1], batch: 16 },
    },
  ],
};

it('runs a study with a tuned run and a sweep, says what was chosen among what, and shows it again', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(study)}`);
  const start = page.getByRole('button', { name: 'Run it here', exact: true });
  await start.waitFor();
  // The settings tell both: a list of values, and how many runs come of them.
  await page.locator('.card[data-step="unlearn"]').click();
  await page.getByText('1 run, tuned over 2 candidates', { exact: true }).waitFor();
  await page.getByText('2 runs', { exact: true }).waitFor();
  expect(await page.getByLabel('Learning rate').first().inputValue()).toBe('0.1, 0.01');
  await page.keyboard.press('Escape');
  await start.click();
  const chosen = page.getByRole('list', { name: 'How settings were chosen' });
  const sentence =
    /DEL.* is tuned: lr 0\.1?\d*, the best of 2 candidates on seed 1000 by the gap to the oracle in points: lr 0\.1: [\d.]+; lr 0\.01: [\d.]+\./;
  const seen = async () => {
    await page.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
    expect(await page.locator('.card[data-state="done"]').count()).toBe(6);
    expect((await chosen.allInnerTexts())[0]).toMatch(sentence);
    expect((await chosen.allInnerTexts())[0]).toContain('The runs did not get the same number of candidates');
    await page.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).waitFor();
    for (const epochs of [0, 1])
      await page.getByRole('row', { name: new RegExp(`^Finetune · epochs ${epochs}`) }).waitFor();
    expect(await page.locator('.data-table tbody tr').count()).toBe(2 + 3);
  };
  await seen();
  await page.reload();
  await chosen.waitFor();
  expect((await chosen.allInnerTexts())[0]).toMatch(sentence);
});
