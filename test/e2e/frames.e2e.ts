import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FrameLocator, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage } from './support/browser';
import { dropOver } from './support/drop';
import { labForTests, type Shared } from './support/lab';
import { recordedFixture } from './support/recorded';
import { type Site, serveSite } from './support/site';
import { linkTo, uncomparedStudy } from './support/tiny-study';

/** As GitHub Pages answers; without it a frame that has no origin is not given the page's code. */
const FOR_EVERYBODY = { 'access-control-allow-origin': '*' };

let outside: Site | undefined;
afterEach(async () => {
  await outside?.close();
});

/** The lab in a frame on a page of another site. */
async function openFramed(
  lab: Shared,
  sandbox: string,
  hash = '',
  prepare?: (page: Page) => Promise<void>,
): Promise<{ page: Page; frame: FrameLocator }> {
  const framed = lab.site.url.replace('127.0.0.1', 'localhost');
  const html = `<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,"><style>* { margin: 0; border: 0 }</style>
    <iframe sandbox="${sandbox}" width="1400" height="850" src="${framed}${hash}"></iframe>`;
  outside = await serveSite({ 'elsewhere.html': html });
  const page = await openPage(lab.browser, `${outside.url}elsewhere.html`, {}, prepare);
  return { page, frame: page.frameLocator('iframe') };
}

/** Opens a file through the page's own menu. */
async function openIn({ page, frame }: { page: Page; frame: FrameLocator }, name: string, content: string) {
  await frame.getByRole('button', { name: 'Files: open or save' }).click();
  const choosing = page.waitForEvent('filechooser');
  await frame.getByRole('menuitem', { name: /^Open files/ }).click();
  await (await choosing).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
}

describe('a sandboxed frame of another site, without an origin', () => {
  const lab = labForTests({ webgpu: true, files: recordedFixture(), headers: FOR_EVERYBODY });

  it('shows what is recorded and opened, says why nothing is computed, and what to do', async () => {
    const framed = await openFramed(lab, 'allow-scripts');
    const { page, frame } = framed;
    await frame.getByText(/^recorded · /).waitFor();
    await frame.locator('.forget-set canvas').first().waitFor();
    await frame.locator('.memorization-map canvas').first().waitFor();
    for (const pane of ['.trade-off', '.curves', '.mask-falls'])
      await frame.locator(`${pane} .recharts-surface`).waitFor();
    expect(await frame.locator('.empty-note').count()).toBe(0);

    expect(await frame.getByRole('button', { name: 'Run it here' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await frame.getByRole('button', { name: 'Nothing runs here: why' }).click();
    await frame
      .getByRole('dialog')
      .getByText(/sandboxed frame, .*Open it in a tab of its own/)
      .waitFor();
    await page.keyboard.press('Escape');

    await frame.getByRole('button', { name: /^2 Train / }).click();
    const epochs = frame.getByLabel('Epochs', { exact: true });
    await epochs.fill('7');
    await epochs.press('Enter');
    await frame.getByRole('button', { name: 'Done', exact: true }).click();
    await frame.getByRole('button', { name: /^2 Train .*7 epochs.*stale/ }).waitFor();

    // What needs a worker says so; what needs none works.
    await openIn(framed, 'forget.json', '[1, 2]');
    await frame
      .getByText(/^forget\.json: This page stands in a frame that may start no workers, .*tab of its own\.$/)
      .waitFor();
    await openIn(framed, 'pets.zip', 'PK');
    await frame.getByText(/^pets\.zip: The browser gives this page no storage/).waitFor();
    const recorded =
      Object.values(recordedFixture())[0] ?? (await readFile('dist/recorded/quickstart.json', 'utf8'));
    await openIn(framed, 'result.json', recorded);
    await frame.getByText(/^opened · /).waitFor();
    // The browser gives a frame without an origin no entries of what is dropped, and ends its process if it asks for a folder's handle.
    const shipped = (path: string) => fileURLToPath(new URL(`../../public/${path}`, import.meta.url));
    await dropOver(page, frame, shipped('recorded/class.json'));
    await frame.getByRole('button', { name: 'Study: Forget one class. Choose a preset.' }).waitFor();
    await dropOver(page, frame, shipped('recorded'));
    await frame
      .getByText(/sandboxed frame, which may not look into folders: open it in a tab of its own\.$/)
      .waitFor();
    await frame.getByRole('button', { name: /^Share/ }).click();
    await frame.getByText(/^The link to this study: http:.*#s=/).waitFor();
    expect(page.workers()).toEqual([]);
  });
});

describe('a sandboxed frame whose host gives code to its own site alone', () => {
  const lab = labForTests();

  it('says that it has not started, why, and where to open it', async () => {
    // Not by `openPage`: the browser rightly complains of the code that it may not load.
    const page = await (await lab.browser.newContext()).newPage();
    await page.setContent(`<iframe sandbox="allow-scripts" src="${lab.site.url}#s=1.class"></iframe>`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('heading', { name: 'Lethe has not started' }).waitFor();
    const why = await frame.getByRole('alert').innerText();
    expect(why).toMatch(/sandboxed frame.*open it in a tab of its own/s);
    expect(why).toContain(`${lab.site.url}#s=1.class`);
    expect(await frame.getByRole('button', { name: 'Reload' }).isVisible()).toBe(false);
  });
});

describe('a frame of another site whose storage is blocked', () => {
  const lab = labForTests({ webgpu: true, args: ['--test-third-party-cookie-phaseout'] });

  it('runs a study, and notices that its worker has died although it has no locks', async () => {
    const hash = linkTo(uncomparedStudy);
    const { page, frame } = await openFramed(lab, 'allow-scripts allow-same-origin', hash, (fresh) =>
      fresh.clock.install(),
    );
    await frame.locator('.device-badge').waitFor();
    const storage = await frame
      .locator('body')
      .evaluate(() => navigator.storage.getDirectory().catch((error: Error) => error.name));
    expect(storage).toBe('SecurityError');
    const first = page.waitForEvent('worker');
    await frame.getByRole('button', { name: 'Run it here', exact: true }).click();
    await frame.locator('.card[data-step="train"]').getByText('of 10 steps').waitFor();
    (await first).evaluate(() => self.close()).catch(() => {});
    await page.clock.runFor(35_000);
    await frame
      .getByText(
        'The lab’s worker ended unexpectedly. The browser keeps nothing for this page, so the study begins anew.',
      )
      .waitFor();
    await frame.getByText('computed here · SwiftShader (CPU)', { exact: true }).waitFor();
    await frame.getByRole('row', { name: /^DEL 0\.3( [−+]?\d+\.\d){4}/ }).waitFor();
    expect(await frame.locator('.card[data-state="done"]').count()).toBe(6);
  });
});
