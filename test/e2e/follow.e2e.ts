import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeEvent } from '../../src/lab/session/progress-log';
import type { StudyResult } from '../../src/lab/study/result';
import { lethe } from '../support/lethe';
import { eventsOf } from '../support/told-study';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';

const shared = labForTests();
const result: StudyResult = JSON.parse(readFileSync('public/recorded/quickstart.json', 'utf8'));
const events = eventsOf(result);
const lines = (some: typeof events) => some.map((event) => `${encodeEvent(event)}\n`).join('');
/** Amid the first run's unlearning: the references are there, no run is. */
const middle = 3 + events.findIndex((event) => event.type === 'series' && event.ref.stage === 'unlearn');

let place: string;
const at = (...names: string[]) => join(place, 'out', ...names);
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'lethe-follow-'));
  mkdirSync(at('progress'), { recursive: true });
  writeFileSync(at('study.json'), JSON.stringify(result.study));
  writeFileSync(
    at('progress', 'study.jsonl'),
    `{"lethe":1,"started":"today"}\n${lines(events.slice(0, middle))}`,
  );
  writeFileSync(at('progress', 'study.json'), JSON.stringify({ lethe: 1, device: result.device }));
});
afterAll(() => rmSync(place, { recursive: true }));

it('a folder chosen where the browser gives it only once shows what is there, and says how to follow it', async () => {
  const page = await openPage(shared.browser, shared.site.url, {}, async (fresh) => {
    await fresh.addInitScript(() => Reflect.deleteProperty(globalThis, 'showDirectoryPicker'));
  });
  await page.getByRole('button', { name: 'Open files or a folder of results' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: /^Folder of results/ }).click();
  await (await choosing).setFiles(at());
  await page.getByText(/^A run is at work in out\. This browser shows a folder as it was/).waitFor();
  await page.getByRole('row', { name: /oracle/ }).waitFor();
});

it('lethe follow shows a run as it goes on, to its end', async () => {
  const interrupt = new AbortController();
  let url = '';
  const serving = lethe(
    ['follow', at()],
    interrupt,
    () => {},
    (text) => {
      url += text;
    },
  );
  try {
    await expect.poll(() => url).toMatch(/^http:\/\/localhost:\d+\/#follow\n$/);
    const page = await openPage(shared.browser, url.trim());
    await page.getByText('Following out: a run is at work.').waitFor();
    const rows = page.locator('.runs tbody tr');
    // A run without numbers has its alpha all the same.
    const numbers = () => rows.filter({ hasText: /\d\.\d.*\d\.\d/ }).count();
    expect(await numbers()).toBe(2);
    await page.locator('.memorization-map canvas').first().waitFor();

    appendFileSync(at('progress', 'study.jsonl'), lines(events.slice(middle)));
    await expect.poll(numbers, { timeout: 20_000 }).toBe(await rows.count());
    writeFileSync(at('result.json'), JSON.stringify(result));
    rmSync(at('progress'), { recursive: true });
    await page.getByText('The run in out has finished; all of it is shown.').waitFor();
    expect(page.url()).toBe(url.trim());
    await page.reload();
    await page.getByText(/^opened · /).waitFor();
    expect(await page.locator('.follow-bar').count()).toBe(0);
    await page.close();
  } finally {
    interrupt.abort();
    expect((await serving).code).toBe(0);
  }
});
