/**
 * Bytes that the browser says this site may still store; undefined where it says nothing. There may be more: Chromium never
 * reports more than 10 GiB, to hide the size of the disk.
 */
export async function freeBytes(): Promise<number | undefined> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate()) ?? {};
  return quota === undefined ? undefined : quota - usage;
}
