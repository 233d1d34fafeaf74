import { readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { checkTextSize, decodeText, printable } from '../../text';
import type { IndexListFormat, RawList } from './index-list';

export const json: IndexListFormat = {
  id: 'json',
  label: 'JSON',
  explanation:
    'A list of numbers or of true and false, or an object of such lists: {"forget": […], "retain": […]}.',
  reference: 'json.org',
  settings: [],
  listed: '.json',
  extensions: ['.json'],
  recognises: (start) => /^\s*[[{]/.test(decodeText(start)),
  async read(file) {
    checkTextSize('The list', file.byteLength);
    const text = decodeText(await readRange(file, 0, file.byteLength));
    return listsIn(parse(text));
  },
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const quoted = /[“”„‟″«»]+[^“”„‟″«»,\]]*[“”„‟″«»]*/.exec(text)?.[0];
    if (quoted)
      throw new LetheError(
        `the entry ${printable(quoted.trim())} stands in typographic quotes, as word processors set them: write the number without quotes.`,
      );
    const entry = text
      .replace(/^\s*[[{]|[\]}]\s*$/g, '')
      .split(',')
      .find((part) => !/^\s*(-?\d+(\.\d+)?|true|false)\s*$/.test(part));
    const shown = entry && printable(entry.trim().slice(0, 40).replace(/\s+/g, ' '));
    throw new LetheError(
      shown
        ? `it is not JSON: "${shown}" is no number.`
        : 'it is not JSON: it is cut off, or a number is missing in it.',
    );
  }
}

/** A list, also as one row or one column. @throws LetheError for a list of several lists, which may be of several forget sets */
function flatList(value: unknown[]): unknown[] {
  const inner = value.filter((item) => Array.isArray(item));
  if (inner.length > 1 && inner.some((item) => item.length !== 1))
    throw new LetheError(`it holds ${inner.length} lists in a list: give the one that is meant.`);
  return value.flat();
}

function listsIn(value: unknown, name = '', depth = 0): RawList[] {
  if (Array.isArray(value)) return [{ name, entries: () => flatList(value) }];
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    listsIn(inner, name ? `${name}.${key}` : key, depth + 1),
  );
}
