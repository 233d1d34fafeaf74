/**
 * What to do when code of the page does not arrive. Where there is a connection, the files have most likely been replaced by those of
 * another version since the page was opened, and asking again would not help.
 */
export function notLoadedText(what: string): string {
  const todo =
    navigator.onLine === false
      ? 'there is no connection. Connect and try again.'
      : 'reload the page, since a new version may have replaced its files. Its address keeps the study.';
  return `${what} could not be loaded: ${todo}`;
}

/** A part of the page that is loaded when it is needed. Rejects with a sentence that says what to do. */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    throw new Error(notLoadedText('This part of the page'));
  }
}
