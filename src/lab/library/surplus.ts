import type { StoredFile } from '../store/opfs';

/** How much is kept. */
export interface KeptAmount {
  results: number;
  bytes: number;
}

/** More results, or more bytes of them, are not kept unless the reader says so: a result takes kilobytes, with maps of a large network megabytes. */
export const MOST_KEPT: KeptAmount = { results: 100, bytes: 250e6 };

const amountOf = (files: readonly StoredFile[]): KeptAmount => ({
  results: files.length,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
});

/**
 * The files that have to go so that the others are no more than `most`, the oldest first.
 * @param spared keys of those that stay in any case
 */
export function surplusFiles(
  files: readonly StoredFile[],
  spared: ReadonlySet<string>,
  most: KeptAmount = MOST_KEPT,
): StoredFile[] {
  const left = amountOf(files);
  const surplus: StoredFile[] = [];
  for (const file of oldestFirst(files)) {
    if (left.results <= most.results && left.bytes <= most.bytes) break;
    if (spared.has(file.key)) continue;
    left.results--;
    left.bytes -= file.bytes;
    surplus.push(file);
  }
  return surplus;
}

export const oldestFirst = (files: readonly StoredFile[]): StoredFile[] =>
  files.toSorted((a, b) => a.written - b.written);
