/** Whether the browser gives the page private storage: in private windows and in frames of other sites there may be none. */
export async function hasStorage(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false;
  }
}
