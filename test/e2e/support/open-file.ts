import type { FileChooser, Page } from 'playwright-core';

/** Opens a file through the page's own menu and the browser's dialog. @param file a path, or a name with content */
export async function openFile(
  page: Page,
  file: string | Extract<Parameters<FileChooser['setFiles']>[0], { name: string }>,
): Promise<void> {
  await page.getByRole('button', { name: 'Files: open or save' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: /^Open files/ }).click();
  await (await choosing).setFiles(file);
}

/** Opens a JSON file of that content. */
export function openJson(page: Page, name: string, text: string): Promise<void> {
  return openFile(page, { name, mimeType: 'application/json', buffer: Buffer.from(text) });
}
