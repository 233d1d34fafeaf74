import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { expectNoErrors, openBrowser } from './browser';
import { type Site, serveSite } from './site';

/** What the tests of a file share. */
export interface Shared {
  site: Site;
  browser: Browser;
}

/** What the open pages said when a test failed: a wait that timed out does not tell what stood there instead. */
async function tellPages(browser: Browser): Promise<void> {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const said = await page.evaluate(() => document.body.innerText.slice(0, 1500)).catch(String);
    console.error(`${page.url().slice(0, 120)}\n${said}`);
  }
}

/**
 * The built page on a server and a browser, for the tests of a file. After each test its pages are closed and must not have
 * complained.
 * @param options.files stand in for, or beside, the built ones, by path
 * @param options.headers of every answer of the server
 * @param options.args further switches of the browser
 */
export function labForTests({
  webgpu = false,
  files = {} as Record<string, string>,
  headers = {} as Record<string, string>,
  args = [] as string[],
} = {}): Shared {
  const shared = {} as Shared;
  beforeAll(async () => {
    shared.site = await serveSite(files, headers);
    shared.browser = await openBrowser({ webgpu, args });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await tellPages(shared.browser);
    await Promise.all(shared.browser.contexts().map((context) => context.close()));
    expectNoErrors();
  });
  afterAll(async () => {
    await shared.browser?.close();
    await shared.site?.close();
  });
  return shared;
}
