/** So many letters off a name is still meant by it. */
const MOST_OFF = 2;

/** The known name that a misspelt one is likely to mean; undefined where none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: { candidate: string; off: number } | undefined;
  for (const candidate of known) {
    const off = distance(name.toLowerCase(), candidate.toLowerCase());
    if (off <= Math.min(MOST_OFF, candidate.length - 1) && off < (best?.off ?? Number.POSITIVE_INFINITY))
      best = { candidate, off };
  }
  return best?.candidate;
}

/** Levenshtein's: letters to put in, take out or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

/**
 * The sentence for a name that is not known, with the one that is likely meant or else all of those.
 * @param what what it would be a name of, such as `preset`
 * @param listed those of `known` that are named where none is near
 */
export function unknownName(what: string, name: string, known: string[], listed = known): string {
  const meant = nearest(name, known);
  return `There is no ${what} "${name}"; ${meant === undefined ? `known are: ${listed.join(', ')}.` : `did you mean ${meant}?`}`;
}
