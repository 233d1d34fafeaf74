import type { Page as PlaywrightPage } from 'playwright-core';
import type { Page as PuppeteerPage } from 'puppeteer-core';

/** A page of Chromium or of Firefox. */
export type AnyPage = PlaywrightPage | PuppeteerPage;

/** Runs a function, or a script, in the page: both kinds of page take functions of one argument alike. */
export const inPage = <Given, Found>(
  page: AnyPage,
  work: string | ((given: Given) => Found | Promise<Found>),
  given?: Given,
): Promise<Found> =>
  (page as unknown as { evaluate(run: typeof work, given?: Given): Promise<Found> }).evaluate(work, given);
