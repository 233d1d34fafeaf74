import { bytesText } from './format';
import { LetheError } from './settings';

/**
 * Text of a file that an editor or a shell wrote: UTF-8, or UTF-16 as PowerShell's `>` writes it; a byte order mark is taken off.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (second === 0 && first !== 0 && bytes.length > 1);
  const isTurned = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && bytes.length > 1);
  const encoding = isUtf16 ? 'utf-16le' : isTurned ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** Longer names are cut in sentences. */
const LONGEST_NAME = 80;

/** A name out of a file, fit for a sentence: whatever does not print is replaced, and it is cut where it is long. */
export function printable(name: string, longest = LONGEST_NAME): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

/** The largest text that is read as a whole: results of large studies have some megabytes, and taken apart a text takes several times its size. */
const MOST_TEXT = 100_000_000;

/** @throws LetheError before a text is read that is too large for a study, a result or a list */
export function checkTextSize(name: string, bytes: number): void {
  if (bytes > MOST_TEXT)
    throw new LetheError(
      `${name} has ${bytesText(bytes)}; studies, results and lists are read up to ${bytesText(MOST_TEXT)}.`,
    );
}
