import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openPage } from './support/browser';
import { type Site, serveSite } from './support/site';

/** A study of seconds on a graphics card; a software adapter spends minutes on compiling its pipelines first. */
const MICRO = '#s=1.micro';
const MINUTES = 60_000;

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await openBrowser({ webgpu: true });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** A software adapter shares its process with the page's own drawing: while it compiles, everything waits. */
async function openLab(browser: Browser): Promise<Awaited<ReturnType<typeof openPage>>> {
  const opened = await openPage(browser, `${site.url}${MICRO}`);
  opened.page.setDefaultTimeout(5 * MINUTES);
  return opened;
}

async function start(page: Page): Promise<void> {
  await button(page, 'Run it here').click();
  await button(page, 'Pause').waitFor();
}

describe('a study that is run on the page', () => {
  it(
    'outlives its worker and says so, stops on request, and is offered again after a reload',
    async () => {
      const { page } = await openLab(browser);
      const started = page.waitForEvent('worker');
      await start(page);
      const worker = await started;
      await page.getByRole('button', { name: /^1 Data .*done/ }).waitFor();
      const restarted = page.waitForEvent('worker');
      worker.evaluate(() => self.close()).catch(() => {});
      await page.getByText('ended unexpectedly. The study goes on from its last checkpoint.').waitFor();
      await restarted;

      await page.reload();
      await page.getByText('“Micro” was being computed when the page was left.').waitFor();
      await button(page, 'Resume').click();
      await button(page, 'Pause').waitFor();
      await button(page, 'Stop').click();
      await page.getByText(/^computed here · stopped/).waitFor();
      await page.reload();
      await button(page, 'Run it here').waitFor();
      expect(await button(page, 'Resume').count()).toBe(0);
      await page.context().close();
    },
    20 * MINUTES,
  );

  it(
    'goes from a click to a point on the plane, pausing and stepping on the way',
    async () => {
      const { page, errors } = await openLab(browser);
      await page.evaluate(() => {
        const long: number[] = [];
        Object.assign(globalThis, { long });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) long.push(entry.duration);
        }).observe({ type: 'longtask' });
      });
      await start(page);
      const train = page.getByRole('button', { name: /^2 Train / });
      await train.getByText(/ of \d+ steps/).waitFor({ timeout: 10 * MINUTES });
      await button(page, 'Pause').click();
      await button(page, 'Resume').waitFor();
      const stepsDone = async () => Number(/(\d+) of \d+ steps/.exec((await train.textContent()) ?? '')?.[1]);
      await page.waitForTimeout(1000);
      const before = await stepsDone();
      await page.waitForTimeout(1500);
      expect(await stepsDone()).toBe(before);
      await button(page, 'Step').click();
      await expect.poll(stepsDone, { timeout: MINUTES }).toBe(before + 1);
      await button(page, 'Resume').click();

      await page.getByText(/^computed here · /).waitFor({ timeout: 15 * MINUTES });
      expect(await page.locator('.card[data-state="done"]').count()).toBe(6);
      await page.locator('.memorization-map canvas').first().waitFor();
      expect(await page.locator('.empty-note').count()).toBe(0);
      expect(errors).toEqual([]);
      const long = await page.evaluate(() => (globalThis as unknown as { long: number[] }).long);
      console.log(`longest task of the page while the study ran: ${Math.max(0, ...long)} ms`);
      await page.context().close();
    },
    30 * MINUTES,
  );
});
