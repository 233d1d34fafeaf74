/** A path, quoted where a POSIX shell needs it. */
export function shellQuoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
