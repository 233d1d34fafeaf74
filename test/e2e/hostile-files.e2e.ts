import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { getPreset } from '../../src/lab/study/presets';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { recordedFixture } from './support/recorded';
import { linkTo } from './support/tiny-study';

const lab = labForTests({ files: recordedFixture() });
const caseFile = (path: string) => fileURLToPath(new URL(`../cases/faults/${path}`, import.meta.url));

const says = (page: Page, text: RegExp) => page.getByText(text).first().waitFor();

it('links that inflate to megabytes are answered with a notice, and the page goes on', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await says(page, /^recorded · /);
  for (const name of ['link_deep_array', 'link_runs_num', 'link_units']) {
    const hash = (await readFile(caseFile(`link-bomb/${name}.txt`), 'utf8')).trim();
    // How long the page takes over it, without what the browser needs to report back.
    const took = await page.evaluate(async (text) => {
      const start = performance.now();
      location.hash = text;
      await new Promise((resolve) => window.addEventListener('hashchange', resolve, { once: true }));
      await new Promise((resolve) => setTimeout(resolve));
      return performance.now() - start;
    }, hash);
    expect(took, name).toBeLessThan(2000);
  }
  await says(page, /it inflates to more than 524288 bytes, which no study does\.$/);
  const opened = await openPage(
    lab.browser,
    `${lab.site.url}${(await readFile(caseFile('link-bomb/link_units.txt'), 'utf8')).trim()}`,
  );
  await says(opened, /it inflates to more than 524288 bytes/);
});

it('a link that was escaped or capitalised on its way opens its study, a changed one says so', async () => {
  const link = linkTo({ ...getPreset('quickstart').study, name: 'From a mail' });
  for (const hash of [link.replace('#s=', '#s%3D'), link.replace('#s=', '#S=')]) {
    const page = await openPage(lab.browser, `${lab.site.url}${hash}`);
    await says(page, /From a mail/);
    await page.close();
  }
  const last = link.endsWith('A') ? 'B' : 'A';
  const page = await openPage(lab.browser, `${lab.site.url}${link.slice(0, -1)}${last}`);
  await says(page, /^The link is damaged/);
});

it('a result with a damaged map is shown without it and says so; an impossible forget set is refused', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await says(page, /^recorded · /);
  await drop(page, caseFile('damaged-map/badforget.json'));
  await says(page, /badforget\.json: This result is damaged: it forgets image -1/);
  for (const name of ['nanscores', 'badmap']) {
    await drop(page, caseFile(`damaged-map/${name}.json`));
    await says(page, new RegExp(`${name}\\.json: detail\\.maps\\.0 was dropped`));
    await says(page, /^The map in this file is damaged, so it is not shown\./);
    await page.getByRole('row', { name: /oracle/ }).waitFor();
  }
  expect(await page.getByText('as soon as the localize stage').count()).toBe(0);
});
