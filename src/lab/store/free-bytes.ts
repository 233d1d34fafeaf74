/**
 * Bytes that the browser says this site may still store; undefined where it says nothing. It may allow more: Chromium never tells
 * of more than 10 GiB, so that nobody learns the size of the disk.
 */
export async function freeBytes(): Promise<number | undefined> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate()) ?? {};
  return quota === undefined ? undefined : quota - usage;
}
