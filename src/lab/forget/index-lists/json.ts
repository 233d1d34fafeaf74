import { readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { checkTextSize, decodeText, printable } from '../../text';
import { type IndexListFormat, listOfEntries, type RawList } from './index-list';

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
    const value = parse(text);
    return isOfLethe(value) ? [forgetSetOf(value)] : listsIn(value);
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

const isOfLethe = (value: unknown): value is Record<string, unknown> => fieldOf(value, 'lethe') === 1;

/** A field of an object; undefined for anything else. */
function fieldOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * The forget set of a result, of a part of one, or of a study whose images are picked by hand. Other lists in them, such as the classes
 * that a study forgets, are of no images.
 * @throws LetheError for any other file of Lethe
 */
function forgetSetOf(value: Record<string, unknown>): RawList {
  const { forget, detail } = value;
  const byHand = fieldOf(forget, 'rule') === 'manual' ? fieldOf(forget, 'settings') : undefined;
  const set = [fieldOf(detail, 'forget'), forget, fieldOf(byHand, 'indices')].find(Array.isArray);
  if (!set)
    throw new LetheError(
      'it is a file of Lethe without a list of images; the forget set of a study stands in its result.json, and the forget pane of the page saves it.',
    );
  return listOfEntries('forget', set);
}

function listsIn(value: unknown, name = '', depth = 0): RawList[] {
  if (Array.isArray(value)) return [{ name, entries: () => flatList(value) }];
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    listsIn(inner, name ? `${name}.${key}` : key, depth + 1),
  );
}
