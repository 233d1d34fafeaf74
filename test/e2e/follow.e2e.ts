import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeEvent } from '../../src/lab/results/progress-log';
import type { StudyPart } from '../../src/lab/study/result';
import { lethe } from '../support/lethe';
import { ofOneRunEach } from '../support/one-run-each';
import { eventsOf } from '../support/told-study';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { folderInPage, folderOnDisk, type WrittenFolder } from './support/written-folder';

const shared = labForTests();
const result = ofOneRunEach(JSON.parse(readFileSync('public/recorded/attack.json', 'utf8')));
const events = eventsOf(result);
const lines = (some: typeof events) => some.map((event) => `${encodeEvent(event)}\n`).join('');
/** Amid the first run's unlearning: the references are there, no run is. */
const middle = 3 + events.findIndex((event) => event.type === 'series' && event.ref.stage === 'unlearn');

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'lethe-follow-'));
});
afterEach(() => rmSync(place, { recursive: true }));

/** What `lethe run` has written amid its work. */
async function writeMiddle(out: WrittenFolder): Promise<void> {
  await out.write('study.json', result.study);
  await out.write('progress/study.jsonl', `{"lethe":1,"started":"today"}\n${lines(events.slice(0, middle))}`);
  await out.write('progress/study.json', { lethe: 1, device: result.device });
}

const rowsOf = (page: Page) => page.locator('.runs tbody tr');
/** Of the runs table: a run without numbers has its alpha all the same. */
const numbersIn = (page: Page) =>
  rowsOf(page)
    .filter({ hasText: /\d\.\d.*\d\.\d/ })
    .count();

async function expectMiddle(page: Page): Promise<void> {
  await page.getByText('Following out: a run is at work.').waitFor();
  expect(await numbersIn(page)).toBe(2);
  await page.locator('.memorization-map canvas').first().waitFor();
}

/** The page follows the run to its end. */
async function expectEnd(page: Page, out: WrittenFolder): Promise<void> {
  await out.append('progress/study.jsonl', lines(events.slice(middle)));
  await expect.poll(() => numbersIn(page)).toBe(await rowsOf(page).count());
  await out.write('result.json', result);
  await out.remove('progress');
  await page.getByText('The run in out has finished; all of it is shown.').waitFor();
}

it('a folder that the browser can read only once shows what is there and says how to follow it', async () => {
  await writeMiddle(folderOnDisk(join(place, 'out')));
  const page = await openPage(shared.browser, shared.site.url, {}, async (fresh) => {
    await fresh.addInitScript(() => Reflect.deleteProperty(globalThis, 'showDirectoryPicker'));
  });
  await page.getByRole('button', { name: 'Files: open or save' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: /^Open a folder of results/ }).click();
  await (await choosing).setFiles(join(place, 'out'));
  await page.getByText(/^A run is at work in out\. This browser shows a folder as it was/).waitFor();
  await page.getByRole('row', { name: /oracle/ }).waitFor();
});

it('a dropped folder shows a run as it goes on, to its end', async () => {
  const out = folderOnDisk(join(place, 'out'));
  await writeMiddle(out);
  const page = await openPage(shared.browser, shared.site.url);
  await page.getByText(/^recorded · /).waitFor();
  await drop(page, join(place, 'out'));
  await expectMiddle(page);
  await expectEnd(page, out);
});

it('a chosen folder shows what several processes add to it', async () => {
  const page = await openPage(shared.browser, shared.site.url, {}, async (fresh) => {
    // Only the dialog is left out; the handle is the browser's own.
    await fresh.addInitScript(() => {
      const showDirectoryPicker = async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle('out');
      Object.assign(globalThis, { showDirectoryPicker });
    });
  });
  const out = folderInPage(page, 'out');
  const { study, device, finished, originals, oracles, runs, detail } = result;
  const last = runs.at(-1)!;
  const part: StudyPart = {
    ...{ lethe: 1, study, device, finished, originals: [], oracles: [], runs: [], maps: [] },
    forget: detail.forget,
    answered: detail.answered,
  };
  await out.write('study.json', study);
  await out.write('parts/original-s0.json', { ...part, originals, losses: detail.losses, maps: detail.maps });
  await page.getByRole('button', { name: 'Files: open or save' }).click();
  await page.getByRole('menuitem', { name: /^Open a folder of results/ }).click();
  await page.getByText('No run is at work in out; what was found so far is shown.').waitFor();
  expect(await numbersIn(page)).toBe(1);

  await out.write('parts/oracle-s0.json', { ...part, oracles });
  await out.write(`parts/${last.id}.json`, { ...part, runs: [last] });
  await expect.poll(() => numbersIn(page)).toBe(3);
  await writeMiddle(out);
  await page.getByText('Following out: a run is at work.').waitFor();
  await out.append('progress/study.jsonl', lines(events.slice(middle)));
  await expect.poll(() => numbersIn(page)).toBe(await rowsOf(page).count());
});

it('lethe follow shows a run as it goes on, to its end', async () => {
  const out = folderOnDisk(join(place, 'out'));
  await writeMiddle(out);
  const interrupt = new AbortController();
  let url = '';
  const serving = lethe(
    ['follow', join(place, 'out')],
    interrupt,
    () => {},
    (text) => {
      url += text;
    },
  );
  try {
    await expect.poll(() => url).toMatch(/^http:\/\/localhost:\d+\/#follow\n$/);
    const page = await openPage(shared.browser, url.trim());
    await expectMiddle(page);
    await expectEnd(page, out);
    expect(page.url()).toBe(url.trim());
    await page.reload();
    await page.getByText(/^opened · /).waitFor();
    expect(await page.locator('.status-line').count()).toBe(0);
    await page.close();
  } finally {
    interrupt.abort();
    expect((await serving).code).toBe(0);
  }
});
