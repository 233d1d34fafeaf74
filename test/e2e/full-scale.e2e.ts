import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { specOf } from '../../src/lab/nn/models';
import { registries } from '../../src/lab/session/all-registries';
import { getPreset } from '../../src/lab/study/presets';
import type { Study } from '../../src/lab/study/study';
import { fixtureMap, fixtureStudy } from '../support/fixture-study';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { mainThreadTasks } from './support/main-thread';
import { openJson } from './support/open-file';
import { recordedFixture } from './support/recorded';

const lab = labForTests({ files: recordedFixture() });

/** The page with an invented result of a study's network, one map per strategy. */
async function openMaps(given: Pick<Study, 'model' | 'data'>, strategies: string[]): Promise<Page> {
  const result = fixtureStudy();
  const spec = specOf(given.model, registries.sources.get(given.data.source));
  const maps = strategies.map((strategy) => fixtureMap(spec, strategy));
  const text = JSON.stringify({
    ...result,
    study: { ...result.study, ...given },
    detail: { ...result.detail, maps },
  });
  const page = await openPage(lab.browser, lab.site.url);
  await openJson(page, 'result.json', text);
  await page.getByText(/^opened · /).waitFor();
  return page;
}

it('the map of a ResNet-50 scrolls by part, and follows the handle without long tasks', async () => {
  const page = await openMaps(
    { model: { id: 'resnet50' }, data: { source: 'imagenet-100', train: 2000, test: 2000 } },
    ['del', 'random'],
  );
  const parts = page.getByRole('navigation', { name: 'Parts of the network' });
  expect(await parts.getByRole('button').allTextContents()).toEqual([
    expect.stringMatching(/^conv1 /),
    ...[1, 2, 3, 4].map((stage) => expect.stringMatching(`^layer${stage} [\\d.]+ %$`)),
    expect.stringMatching(/^fc /),
  ]);
  await page.getByText('These images are not on this machine yet').waitFor();
  await parts.getByRole('button', { name: /^layer4/ }).click();
  await page.waitForFunction(() => {
    const scroller = document.querySelector('.map-maps')!.getBoundingClientRect();
    const canvas = document.querySelector('.map canvas')!.getBoundingClientRect();
    const row = document.querySelector('[aria-label="Layer layer4.0.conv1"]')!.getBoundingClientRect();
    return (
      Math.abs(row.top - scroller.top) < 4 && canvas.top <= scroller.top && canvas.bottom >= scroller.bottom
    );
  });

  const box = (await page.locator('.alpha').boundingBox())!;
  const moves = 20;
  const moveTo = async (share: number) => {
    await page.mouse.move(box.x + share * box.width, box.y + 20);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  };
  await moveTo(0.1);
  await page.mouse.down();
  // What is compiled and worked out at the first move is no part of the pace.
  await moveTo(0.12);
  const tasks = await mainThreadTasks(lab.browser, page, async () => {
    for (let i = 1; i <= moves; i++) await moveTo(0.12 + 0.02 * i);
  });
  await page.mouse.up();
  await page.getByText('α = 0.52').waitFor();
  // What browsers call a long task; docs/engine.md says how much shorter these are on a machine at rest.
  const longest = tasks.map(({ cpu }) => cpu).sort((a, b) => b - a);
  expect(longest[moves / 2]).toBeLessThan(50);
});

it('the weights of a large map are ranked outside the page’s thread', async () => {
  const { model, data } = getPreset('paper-orderings').study;
  // As many images as the invented result speaks of.
  const page = await openMaps({ model, data: { ...data, train: 2000, test: 2000 } }, ['del', 'salloc']);
  await page.getByRole('radio', { name: 'SalLoc' }).check();
  await page.getByRole('group', { name: /^Memorization map of SalLoc/ }).waitFor();
  await page.getByText(/units hold 5 % of the weights/).waitFor();
});
