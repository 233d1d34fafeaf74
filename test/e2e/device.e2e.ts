import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { expectNoErrors, openBrowser, openPage } from './support/browser';
import { serveSite } from './support/site';

let browser: Awaited<ReturnType<typeof openBrowser>>;
let site: Awaited<ReturnType<typeof serveSite>>;
beforeAll(async () => {
  [browser, site] = await Promise.all([openBrowser({ webgpu: true }), serveSite()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close()]);
});
afterEach(expectNoErrors);

it('the device’s dialog: says what computes, keeps how its tiles are chosen, and hands it to the lab', async () => {
  const page = await openPage(browser, site.url);
  await page.getByRole('button', { name: 'WebGPU' }).click();
  const dialog = page.getByRole('dialog', { name: 'What computes here' });
  await expect.poll(() => dialog.innerText()).toContain('WebGPU');
  const worker = page.waitForEvent('worker', (each) => each.url().includes('lab.worker'));
  await dialog.getByRole('radio', { name: 'Defaults' }).check({ force: true });
  expect(await page.evaluate(() => localStorage.getItem('lethe.tilings'))).toBe('default');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run it here' }).first().click();
  const lab = await worker;
  expect(await lab.evaluate(() => self.name)).toMatch(/\?tilings=default$/);
  // By an address of its own it would be another module than the one that its chunks import.
  expect(new URL(lab.url()).search).toBe('');
  await page.context().close();
});
