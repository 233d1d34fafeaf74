import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';
import type { Study } from '../../src/lab/study/study';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { busiestSecond, recordEvents, type SeenEvent, seenEvents } from './support/lab-events';
import { mainThreadTasks } from './support/main-thread';
import { linkTo, tinyStudy, uncomparedStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const card = (page: Page, step: string) => page.locator(`.card[data-step="${step}"]`);

const openStudy = (study: Study, prepare = recordEvents): Promise<Page> =>
  openPage(lab.browser, `${lab.site.url}${linkTo(study)}`, {}, prepare);

/** Every pane shows what was computed here. */
async function expectResult(page: Page): Promise<void> {
  await page.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
  expect(await page.locator('.card[data-state="done"]').count()).toBe(6);
  expect(await page.locator('.empty-note').count()).toBe(0);
  await page.getByRole('button', { name: /^DEL, alpha 0.3: .*\d.*, n 1$/ }).waitFor();
  await page.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).waitFor();
  await page.getByRole('row', { name: /^oracle/ }).waitFor();
  expect(await page.locator('.curves .curve path').count()).toBeGreaterThanOrEqual(3);
  await page.getByText(/\d+ units hold \d+ % of the weights/).waitFor();
  expect(await inkOf(page, '.memorization-map canvas')).toBeGreaterThan(20);
}

/** How many colours a canvas shows. */
function inkOf(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
}

const startedStages = (events: SeenEvent[]) =>
  events.filter(({ type }) => type === 'stage-started').map(({ stage }) => stage);
/** Without the comparisons of the models, which come last. */
const withoutComparisons = (stages: (string | undefined)[]) => stages.filter((stage) => stage !== 'compare');
const lastStep = async (page: Page) =>
  (await seenEvents(page)).filter(({ step }) => step !== undefined).at(-1)?.step;

describe('a study that is run on the page', () => {
  it('goes from a click to a point on the plane without blocking the page', async () => {
    const page = await openStudy(tinyStudy);
    await button(page, 'Run it here').waitFor();
    await page.locator('.device-badge').waitFor();
    // The space bar is the map's while the map has the focus.
    await page.locator('.map').press('Space');
    // Nor does it start anything when nothing has the focus: it scrolls the page.
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('Space');
    expect(await button(page, 'Pause').count()).toBe(0);
    await page.getByText(/^recorded · /).waitFor();
    const trail = page.locator('.plane-trail circle').nth(1).waitFor();
    const tasks = await mainThreadTasks(lab.browser, page, async () => {
      await button(page, 'Run it here').click();
      // What is recorded stays until there is something else to show.
      await page
        .locator('.slot-runs')
        .getByText(/^recorded of “.+”, until its own results come$/)
        .waitFor();
      await expectResult(page);
    });
    await trail;
    expect(await page.locator('.pane-mark').count()).toBe(0);
    expect(tasks.length).toBeGreaterThan(100);
    // A task that is long because the machine was busy with something else is not the page's doing.
    expect(tasks.filter(({ wall, cpu }) => wall > 100 && cpu > wall / 2)).toEqual([]);
    const events = await seenEvents(page);
    expect(events.length).toBeGreaterThan(50);
    // Ten go out in a second; one more may arrive late from the second before.
    expect(busiestSecond(events)).toBeLessThanOrEqual(12);

    await page.getByLabel('Save Runs').click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'its mask' }).click();
    const mask = decodeSafetensors(await readFile(await (await saving).path()));
    expect(mask['conv1.weight']).toMatchObject({ shape: [4, 1, 3, 3] });

    const outcome = await page.locator('.outcome').innerText();
    await button(page, 'Back to the recording').click();
    await page
      .locator('.slot-runs')
      .getByText(/^recorded of “.+”$/)
      .waitFor();
    await button(page, 'Show what was computed here').click();
    expect(await page.locator('.outcome').innerText()).toBe(outcome);

    // After a reload it is all there, with its device and its date, and can still be asked about its units.
    await page.reload();
    await page.getByText(/^computed here · SwiftShader \(CPU\) · \d+ \w+ \d{4}$/).waitFor();
    await page.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).waitFor();
    expect(await page.locator('.outcome').innerText()).toBe(outcome);
    expect(await page.locator('.pane-mark, .empty-note').count()).toBe(0);
    await button(page, 'Run again').waitFor();
    expect(await button(page, 'Resume').count()).toBe(0);
  });

  it('pauses, goes on by single steps, and resumes after a stop from the finished stages', async () => {
    // Long enough to be stopped on the way.
    const page = await openStudy({ ...uncomparedStudy, oracle: { ...tinyStudy.oracle, epochs: 8 } });
    await button(page, 'Run it here').click();
    await button(page, 'Pause').click();
    await button(page, 'Resume').waitFor();
    await page.getByRole('status').getByText('Study paused', { exact: true }).waitFor({ state: 'attached' });
    // The data are loaded in steps of their own: a single step before their end would be one of these.
    await page.locator('.card[data-step="data"][data-state="done"]').waitFor();
    for (let step = 1; step <= 6; step++) {
      await button(page, 'Step').click();
      await card(page, 'train').getByText(`${step} of 10 steps`).waitFor();
    }
    const before = (await seenEvents(page)).length;
    await page.waitForTimeout(1500);
    expect((await seenEvents(page)).length).toBe(before);
    expect(await lastStep(page)).toBe(6);

    // Another study in the top bar does not take over what is computed of this one.
    await page.getByRole('button', { name: 'Study: Tiny. Choose a preset.' }).click();
    await page.getByRole('menuitem', { name: /^Forget one class/ }).click();
    await page.getByRole('button', { name: 'Study: Forget one class. Choose a preset.' }).waitFor();
    await page.getByText(/paused · of “Tiny”$/).waitFor();
    await page.locator('.slot-curves').getByText('of “Tiny”', { exact: true }).waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Study: Tiny. Choose a preset.' }).waitFor();

    await button(page, 'Resume').click();
    await card(page, 'forget').getByText('of 32 steps').waitFor();
    await button(page, 'Stop').click();
    await page.getByText(/^computed here · stopped/).waitFor();
    // The stop button has gone, the focus has not.
    expect(await button(page, 'Run again').evaluate((main) => main === document.activeElement)).toBe(true);
    await page.getByRole('row', { name: /^original.*( \d+\.\d){3}/ }).waitFor();
    expect(await page.locator('.empty-note').count()).toBe(0);
    expect(await inkOf(page, '.memorization-map canvas')).toBeGreaterThan(20);
    const stopped = await seenEvents(page);

    await button(page, 'Run again').click();
    await button(page, 'Pause').waitFor();
    await expectResult(page);
    const again = (await seenEvents(page)).slice(stopped.length);
    expect(withoutComparisons(startedStages(again))).toEqual([
      'data',
      'oracle',
      'evaluate',
      'unlearn',
      'evaluate',
    ]);
    await card(page, 'train').getByText('cached ✓').waitFor();
    await card(page, 'localize').getByText('cached ✓').waitFor();

    await button(page, 'Run again').click();
    await card(page, 'compare').getByText('cached ✓').waitFor();
    await expectResult(page);
    const third = (await seenEvents(page)).slice(stopped.length + again.length);
    expect(startedStages(third)).toEqual(['data']);
  });

  it('is offered after a reload and resumes from its last checkpoint', async () => {
    // Checkpoints are some seconds apart.
    const oracle = { ...tinyStudy.oracle, epochs: 32 };
    const page = await openStudy({ ...uncomparedStudy, oracle }, async (fresh) => {
      await recordEvents(fresh);
      await fresh.route('**/recorded/*.json', (route) => route.fulfill({ status: 404 }));
    });
    await button(page, 'Run this study').click();
    await card(page, 'forget').getByText('of 128 steps').waitFor();
    // Another tab has nothing to take up: the study is at work.
    const tab = await page.context().newPage();
    await tab.goto(lab.site.url);
    await tab.locator('.device-badge').waitFor();
    expect(await tab.locator('.notice').count()).toBe(0);
    await tab.close();
    await expect.poll(() => hasCheckpoint(page)).toBe(true);
    await page.goto('about:blank');
    // Another study that is finished meanwhile takes back its own offer, not this one.
    const other = await page.context().newPage();
    const runs = tinyStudy.runs.map((run) => ({ ...run, alpha: 0.5 }));
    await other.goto(`${lab.site.url}${linkTo({ ...uncomparedStudy, name: 'Other', runs })}`);
    await button(other, 'Run it here').click();
    await other.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
    // Its result is on screen a moment before it is kept, and only what is kept is no longer offered.
    const offers = () =>
      Object.keys(localStorage).filter((key) => key.startsWith('lethe.unfinished.')).length;
    await expect.poll(() => other.evaluate(offers)).toBe(1);
    await other.close();
    await page.goBack();
    await page.getByText('“Tiny” was being computed when the page was left.').waitFor();
    await button(page, 'Resume').click();
    await expectResult(page);
    const events = await seenEvents(page);
    expect(withoutComparisons(startedStages(events))).toEqual([
      'data',
      'oracle',
      'evaluate',
      'unlearn',
      'evaluate',
    ]);
    const ofOracle = events.filter(({ stage }) => stage === 'oracle');
    expect(ofOracle.find(({ step }) => step !== undefined)?.step).toBeGreaterThan(4);
    const epochs = ofOracle.flatMap(({ epoch }) => epoch ?? []);
    expect(epochs).toEqual(Array.from({ length: 33 }, (_, epoch) => epoch));
    expect(await hasCheckpoint(page)).toBe(false);
  });

  it('survives the loss of its worker and of its device, and says so', async () => {
    const page = await openStudy(uncomparedStudy);
    const first = page.waitForEvent('worker');
    await button(page, 'Run it here').click();
    await card(page, 'train').getByText('of 10 steps').waitFor();
    const second = page.waitForEvent('worker');
    // The worker is gone before it can answer.
    (await first).evaluate(() => self.close()).catch(() => {});
    await page
      .getByText('The lab’s worker ended unexpectedly. The study goes on from its last checkpoint.')
      .waitFor();
    await card(page, 'forget').getByText('of 8 steps').waitFor();
    const third = page.waitForEvent('worker');
    await (await second).evaluate(() => {
      GPUDevice.prototype.createCommandEncoder = function () {
        this.destroy();
        throw new Error('The device is lost.');
      };
    });
    await page
      .getByText(/^The graphics device was lost \(.+\)\. The study goes on from its last checkpoint\.$/)
      .waitFor();
    await third;
    await expectResult(page);
  });
});

/** Whether a training state of an unfinished stage is stored. */
function hasCheckpoint(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lethe-artifacts');
    for await (const [name, handle] of folder.entries())
      if (/state/.test(name) && (await (handle as FileSystemFileHandle).getFile()).size > 0) return true;
    return false;
  });
}
