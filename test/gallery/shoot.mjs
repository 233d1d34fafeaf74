/** Screenshots of the gallery: `node test/gallery/shoot.mjs OUT name=?query@WIDTHxHEIGHT …`. */
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

const [out, ...shots] = process.argv.slice(2);
const server = await createServer({
  configFile: 'test/gallery/vite.config.ts',
  server: { port: 0 },
  logLevel: 'error',
});
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const shot of shots) {
  const [, name, query = '', width = '1440', height = '900'] = /^([^=]+)=([^@]*)(?:@(\d+)x(\d+))?$/.exec(
    shot,
  );
  const page = await browser.newPage({ viewport: { width: Number(width), height: Number(height) } });
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`));
  await page.goto(`${server.resolvedUrls.local[0]}${query}`);
  await page.waitForSelector('.panel');
  // The code of the charts comes after the panels.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(600);
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: Number(width) < 600 });
  await page.close();
}
await browser.close();
await server.close();
