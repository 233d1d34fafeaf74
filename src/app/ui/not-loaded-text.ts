/**
 * What to do when code of the page does not arrive. Where there is a connection, the files have most likely been replaced by those of
 * another version since the page was opened, and asking again would not help.
 * @param what is missing: `This chart`
 */
export function notLoadedText(what: string): string {
  const todo =
    navigator.onLine === false
      ? 'there is no connection. Connect and try again.'
      : 'reload the page, since a new version may have replaced its files. Its address keeps the study.';
  return `${what} could not be loaded: ${todo}`;
}
