import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/setup.mjs';
import { serveFolder } from '../../../src/cli/serve-folder';
import { writeJson } from '../files';

/** How smoothly the page went while its worker trained. */
export interface PageFound {
  browser: string;
  /** As the page names it. */
  adapter: string;
  /** How far the original's training came meanwhile: `12 of 1,240 steps`. */
  progress: string;
  /** Watched. */
  seconds: number;
  frames: number;
  /** Between two frames. */
  medianMs: number;
  p99Ms: number;
  longestMs: number;
  /** Share of the intervals that are longer than one and a half frames at 60 frames a second, 0 to 1. */
  late: number;
  /** All of them, in milliseconds, rounded to a tenth. */
  intervals: number[];
}

const GPU = [
  '--ignore-gpu-blocklist',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--disable-vulkan-surface',
];
const SOFTWARE = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const QUIET = ['--headless=new', '--no-sandbox', '--no-first-run', '--disable-background-networking'];
const FRAME_MS = 1000 / 60;
/** What starting, compiling and closing may take of the step's time. */
const USED_UP = 0.4;
const MOST_WATCHED_SECONDS = 20;

/** Milliseconds between the frames that the page's main thread drew within so many seconds. */
const watchFrames = (page: Page, seconds: number): Promise<number[]> =>
  page.evaluate(
    (milliseconds) =>
      new Promise<number[]>((resolve) => {
        const intervals: number[] = [];
        let last: number | undefined;
        let first: number | undefined;
        const frame = (at: number) => {
          if (last !== undefined) intervals.push(at - last);
          last = at;
          first ??= at;
          if (at - first < milliseconds) requestAnimationFrame(frame);
          else resolve(intervals);
        };
        requestAnimationFrame(frame);
      }),
    1000 * seconds,
  );

/**
 * Opens the built page, has it compute the quick start, and records its frames from the first training step on.
 * @param seconds for everything
 */
export async function probePage(root: string, seconds: number, path: string): Promise<void> {
  const executablePath = findChromium()!;
  const server = serveFolder({ folder: dirname(path), page: join(root, 'dist') });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const wait = { timeout: 1000 * seconds };
  // A GPU where Chromium finds one; a machine without takes the software adapter, as the tests do.
  for (const args of [GPU, SOFTWARE]) {
    const browser = await chromium.launch({ executablePath, args: [...QUIET, ...args] });
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/#s=1.quickstart`);
      const badge = page.locator('.device-badge');
      await badge.waitFor(wait);
      const adapter = await badge.innerText();
      const run = page.getByRole('button', { name: 'Run it here', exact: true });
      if ((await run.count()) === 0 || (await run.getAttribute('aria-disabled')) === 'true') continue;
      await run.click();
      const card = page.locator('.card[data-step="train"]');
      await card.getByText(/of [\d,]+ steps/).waitFor(wait);
      const watched = Math.min(MOST_WATCHED_SECONDS, USED_UP * seconds);
      const intervals = await watchFrames(page, watched);
      const sorted = [...intervals].sort((a, b) => a - b);
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
      const found: PageFound = {
        browser: `Chromium ${browser.version()}`,
        adapter,
        progress: (await card.innerText()).match(/[\d,]+ of [\d,]+ steps/)?.[0] ?? 'to its end',
        seconds: intervals.reduce((sum, interval) => sum + interval, 0) / 1000,
        frames: intervals.length,
        medianMs: at(0.5),
        p99Ms: at(0.99),
        longestMs: at(1),
        late: intervals.filter((interval) => interval > 1.5 * FRAME_MS).length / intervals.length,
        intervals: intervals.map((interval) => Math.round(10 * interval) / 10),
      };
      await writeJson(path, found);
      console.log(`${adapter}: ${found.frames} frames in ${found.seconds.toFixed(1)} s`);
      return;
    } finally {
      await browser.close();
    }
  }
  throw new Error('Chromium has no WebGPU here, neither on the GPU nor in software.');
}
