import { openResult } from '../results/open-result';
import { DEEPEST, parseBoundedJson } from '../study/bounded-json';
import { checkTextSize, printable } from '../text';
import { entryOfResult, type LibraryEntry, libraryName, parseEntry } from './entry';
import type { KeptNews, Shelf, Space } from './shelf';

/** The first line of a file that holds a library. */
const HEAD = { lethe: 1, library: 1 };

/** What came of an import. */
export interface Imported {
  added: number;
  /** Studies that are here already: they stay as they are. */
  known: number;
  /** What could not be taken, one sentence each. */
  bad: string[];
  evicted: string[];
}

/**
 * The whole library as one file: JSON Lines, the first line says what it is, every other one is a study with its result. Results go into it as
 * they lie in the store, and none is taken apart.
 */
export async function exportLibrary(shelf: Shelf): Promise<Blob> {
  const parts: (string | Uint8Array<ArrayBuffer>)[] = [`${JSON.stringify(HEAD)}\n`];
  // The oldest first: where they are taken in again, space is made by what was written first.
  for (const { bytes, ...entry } of (await shelf.list()).reverse()) {
    const result = bytes > 0 ? await shelf.resultBytes(entry.key) : undefined;
    parts.push(`{"entry":${JSON.stringify(entry)}`);
    if (result) parts.push(',"result":', new Uint8Array(result));
    parts.push('}\n');
  }
  return new Blob(parts, { type: 'application/jsonl' });
}

/**
 * Takes the studies of such a file in, one after the other; each result is judged like an opened one, and what cannot be used is named. Whoever
 * wrote the file is not trusted: keys, dates and pictures are worked out anew from the results.
 */
export async function importLibrary(shelf: Shelf, file: Blob, space: Space): Promise<Imported> {
  const imported: Imported = { added: 0, known: 0, bad: [], evicted: [] };
  const added: string[] = [];
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    if (number === 1) {
      if (isHead(line)) continue;
      imported.bad.push('This is no library of Lethe: its first line does not say "library": 1.');
      break;
    }
    if (line.trim() === '') continue;
    const read = readLine(line);
    if (typeof read === 'string') {
      imported.bad.push(`Line ${number}: ${read}`);
      continue;
    }
    const { entry, result } = read;
    if (!(await isNews(shelf, entry, result !== undefined))) {
      imported.known++;
      continue;
    }
    const news: KeptNews = result ? await shelf.place(entry, result, space) : { evicted: [] };
    if (!result) await shelf.note(entry);
    imported.evicted.push(...news.evicted);
    if (news.problem) imported.bad.push(news.problem);
    else added.push(entry.key);
  }
  // Some of them may have gone for others.
  for (const key of added) if (await shelf.entryOf(key)) imported.added++;
  if (number === 0) imported.bad.push('This is no library of Lethe: the file is empty.');
  return imported;
}

/** Whether a study of such a file says more than what is here. */
async function isNews(shelf: Shelf, { key }: LibraryEntry, isFinished: boolean): Promise<boolean> {
  const known = await shelf.entryOf(key);
  if (!known) return true;
  return isFinished && (known.status !== 'finished' || (await shelf.resultBytes(key)) === undefined);
}

function isHead(line: string): boolean {
  try {
    const head = parseBoundedJson(line, { characters: 1000, depth: 2 }) as typeof HEAD | null;
    return head?.lethe === HEAD.lethe && head.library === HEAD.library;
  } catch {
    return false;
  }
}

/** A study of such a file, or why it cannot be used. */
function readLine(line: string): { entry: LibraryEntry; result?: Uint8Array } | string {
  let input: { entry?: { name?: unknown; pinned?: unknown }; result?: unknown } | null;
  try {
    input = parseBoundedJson(line, { depth: DEEPEST }) as typeof input;
  } catch (error) {
    return error instanceof RangeError
      ? `${error.message}.`
      : 'it is not JSON: the file is damaged or cut off.';
  }
  const given = input?.entry?.name;
  const name = typeof given === 'string' ? libraryName(printable(given)) : undefined;
  const who = name ? `“${name}”: ` : '';
  if (input?.result === undefined) {
    const entry = parseEntry(input?.entry);
    if (!entry || entry.status === 'finished')
      return `${who}it holds neither a result nor an unfinished study.`;
    return { entry: { ...entry, origin: 'opened', pinned: false } };
  }
  const parsed = openResult(input.result);
  if (!parsed.ok) return `${who}${parsed.problem}`;
  const fresh = entryOfResult(parsed.result, 'opened');
  return {
    entry: {
      ...fresh,
      ...(name && name !== fresh.name && { name, named: true }),
      pinned: input.entry?.pinned === true,
    },
    result: new TextEncoder().encode(JSON.stringify(parsed.result)),
  };
}

/** The lines of a text, without the whole of it in memory. @throws LetheError for a line that is longer than a result can be */
async function* linesOf(file: Blob): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let pieces: string[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      let rest = value;
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        yield [...pieces, rest.slice(0, end)].join('');
        pieces = [];
        length = 0;
        rest = rest.slice(end + 1);
      }
      pieces.push(rest);
      length += rest.length;
      checkTextSize('A line of the file', length);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (length > 0) yield pieces.join('');
}
