import type { FrameLocator, Page } from 'playwright-core';

/**
 * Drops files and folders of the disk on the page, as a hand does: the browser makes the entries and handles that the page sees.
 * They are let go over an element that has only just come under the pointer, where a browser asks the least of a page.
 * @param paths absolute
 */
export const drop = (page: Page, ...paths: string[]): Promise<void> => dropOver(page, page, ...paths);

/** The same on a page that stands in a frame. @param seen the frame */
export async function dropOver(
  page: Page,
  seen: Pick<Page, 'getByRole' | 'locator'> | FrameLocator,
  ...paths: string[]
): Promise<void> {
  // A hand sees the page before it drops anything.
  await seen.getByRole('main').waitFor();
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize()!;
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const at = (x: number, y: number) => ({ x, y, data });
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at(1, 1) });
  // Nor does it let go before the page shows that it may.
  await seen.locator('.drop-veil').waitFor();
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at(width / 2, height / 2) });
  await session.detach();
}

/** Drops a file that lies on no disk, as one from a mail does. */
export async function dropLoose(page: Page, name: string, content: string): Promise<void> {
  await page.evaluate(
    ([name, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, content] as const,
  );
}
