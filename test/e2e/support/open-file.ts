import type { Page } from 'playwright-core';

/** Opens a JSON file through the page's own menu and the browser's dialog. */
export async function openFile(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Files: open or save' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: /^Open files/ }).click();
  await (await choosing).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}
