import puppeteer, { type Browser, type ConsoleMessage, type Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { expectNoErrors, noteError } from './browser';
import { type Site, serveSite } from './site';

/** Firefox on Linux has WebGPU behind a switch, and a software adapter behind another. */
const WEBGPU = { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true };

/**
 * Firefox, driven over WebDriver BiDi: playwright drives only a Firefox of its own making.
 * @param options.webgpu on whatever Vulkan driver the machine has, or none at all
 */
export function openFirefox({ webgpu = false } = {}): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX || '/usr/bin/firefox-esr',
    headless: true,
    defaultViewport: { width: 1440, height: 900 },
    extraPrefsFirefox: webgpu ? WEBGPU : { 'dom.webgpu.enabled': false },
    // The default is less than a busy machine takes for a study.
    protocolTimeout: 300_000,
  });
}

/** A page in a context, and with storage, of its own. @param prepare what to do before anything is loaded */
export async function openFirefoxPage(
  browser: Browser,
  url: string,
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<Page> {
  const page = await (await browser.createBrowserContext()).newPage();
  // Compiling shaders takes a busy machine minutes; a hang still ends.
  page.setDefaultTimeout(300_000);
  page.on('pageerror', (error) => noteError(String(error)));
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') noteError(`${message.text()} (${message.location().url})`);
  });
  await prepare(page);
  await page.goto(url);
  return page;
}

/** What the tests of a file share. */
export interface SharedFirefox {
  site: Site;
  browser: Browser;
}

/** What an open page says when a test failed: a wait that timed out does not tell what stood there instead. */
async function saidBy(page: Page): Promise<string> {
  const said = await page.evaluate(() => document.body.innerText.slice(0, 1500)).catch(String);
  return `${page.url().slice(0, 120)}\n${said}`;
}

/**
 * The built page on a server for the tests of a file, as `labForTests`, and a Firefox for each: what one test left behind in a shared
 * one, such as storage that is being cleared, once kept the next waiting for its files.
 */
export function firefoxForTests({
  webgpu = false,
  files = {} as Record<string, string>,
} = {}): SharedFirefox {
  const shared = {} as SharedFirefox;
  beforeAll(async () => {
    shared.site = await serveSite(files);
  });
  beforeEach(async () => {
    shared.browser = await openFirefox({ webgpu });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      for (const page of await shared.browser.pages()) console.error(await saidBy(page));
    await shared.browser.close();
    expectNoErrors();
  });
  afterAll(() => shared.site?.close());
  return shared;
}

/** Presses the button of that name as soon as it can be pressed. */
export const press = (page: Page, name: string): Promise<void> =>
  page.locator(`::-p-aria([name="${name}"][role="button"])`).click();

/** Waits until the page says something. */
export const untilSaid = (page: Page, pattern: RegExp): Promise<unknown> =>
  page.waitForFunction(
    (source) => new RegExp(source, 'm').test(document.body.innerText),
    { polling: 100 },
    pattern.source,
  );

/** Drops a file that lies on no disk. */
export const dropBytes = (page: Page, name: string, bytes: Uint8Array): Promise<void> =>
  page.evaluate(
    (name, base64) => {
      const content = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    name,
    Buffer.from(bytes).toString('base64'),
  );
