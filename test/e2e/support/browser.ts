import { type Browser, type ConsoleMessage, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/**
 * Chromium with WebGPU on a software adapter, or without any: plain headless Chromium has none.
 * @param options.args further switches
 */
export function openBrowser({ webgpu = false, args = [] as string[] } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless=new', '--no-sandbox', ...QUIET, ...(webgpu ? WEBGPU : []), ...args],
  });
}

/** Since the last check, on all pages and in their workers. */
let errors: string[] = [];

/** Keeps a complaint of a page or worker for `expectNoErrors`. */
export function noteError(text: string): void {
  errors.push(text);
}

/** Fails when a page or worker threw, complained on its console, or met the content security policy: for `afterEach`. */
export function expectNoErrors(): void {
  const seen = errors;
  errors = [];
  expect(seen).toEqual([]);
}

/** Whether the page only asked for a recorded study that this site does not have. */
function isMissingRecord(message: ConsoleMessage): boolean {
  return message.text().includes('404') && /\/recorded\/[a-z-]+\.json$/.test(message.location().url);
}

/** A page in a context, and with storage, of its own. @param prepare what to do before anything is loaded */
export async function openPage(
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  // A quiet machine with two cores needs a tenth of it for any single wait: a slow one is no failure, and a hang still ends.
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => noteError(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isMissingRecord(message))
      noteError(`${message.text()} (${message.location().url})`);
  });
  await prepare(page);
  await page.goto(url);
  return page;
}
