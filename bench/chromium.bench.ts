import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { expect, it } from 'vitest';
import { openBrowser } from '../test/e2e/support/browser';
import { reportRow, textTable, writeReport } from './report';

/** SwiftShader takes minutes for 64 images by stock TF.js, so fewer are used: the ratio hardly depends on the batch. */
const BATCH = Number(process.env.BENCH_BATCH ?? 16);

it(`resnet8, batch ${BATCH}, in Chromium`, async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'lethe-bench-'));
  const config = {
    configFile: false as const,
    root: fileURLToPath(new URL('./browser', import.meta.url)),
    logLevel: 'warn' as const,
    build: { outDir, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 3000 },
  };
  await build(config);
  const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } });
  // A cached pipeline would make the first step look fast, so the browser starts with a fresh profile.
  const browser = await openBrowser({ webgpu: true });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(server.resolvedUrls!.local[0]!);
    await page.waitForFunction(() => 'bench' in window);
    const { adapter, result } = await page.evaluate((batch) => window.bench('resnet8', batch), BATCH);
    expect(problems).toEqual([]);
    console.log(textTable([reportRow(result)]));
    writeReport(adapter, { browser: `Chromium ${browser.version()}`, results: [result] }, 'chromium');
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true });
  }
});
