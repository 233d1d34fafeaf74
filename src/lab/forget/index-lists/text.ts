import { readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { checkTextSize, decodeText } from '../../text';
import { INDICES, type IndexListFormat, LIST_NAMES, listOfEntries, type RawList } from './index-list';
import { isHeader, isNumber, isTruth, rowsOf } from './table-rows';

export const text: IndexListFormat = {
  id: 'text',
  label: 'text or CSV',
  explanation:
    'Numbers between commas, semicolons, spaces or lines; with several columns a header names the one, as index or forget does.',
  reference: 'RFC 4180',
  settings: [],
  listed: '.txt or .csv',
  extensions: ['.txt', '.csv', '.tsv'],
  // Whatever consists of printable characters alone.
  recognises: isText,
  async read(file) {
    checkTextSize('The list', file.byteLength);
    return listsOfTable(decodeText(await readRange(file, 0, file.byteLength)));
  },
};

function isText(start: Uint8Array): boolean {
  // An odd byte at the end may be half a letter.
  const text = decodeText(start.length % 2 === 0 ? start : start.subarray(0, -1));
  return start.length > 0 && [...text].every((letter) => letter >= ' ' || /\s/.test(letter));
}

const cellValue = (cell: string): unknown => {
  if (isNumber(cell)) return Number(cell);
  return isTruth(cell) ? cell.toLowerCase() === 'true' : cell;
};

function listsOfTable(content: string): RawList[] {
  const rows = rowsOf(content);
  const [first, ...rest] = rows;
  if (!first) return [listOfEntries('', [])];
  const hasHeader = rest.length > 0 && isHeader(first);
  if (hasHeader && rest.every((row) => row.length === first.length)) return listsOfColumns(first, rest);
  const regular = rows.length > 1 && first.length > 1 && rows.every((row) => row.length === first.length);
  if (regular && first.at(-1) !== '')
    throw new LetheError(
      `it has ${first.length} columns and no header: leave one column, or call the one that is meant "index" in a first line.`,
    );
  const cells = rows.flat().filter((cell) => cell !== '');
  return [listOfEntries('', cells.map(cellValue))];
}

/** What a column calls the set that each row is of. */
const SET = /^(set|split|subset)s?$/i;

/** What a column calls a mask that says no more than that it is one. */
const MASK = /(^|[_ ])mask(ed)?($|[_ ])/i;

interface Column {
  name: string;
  at: number;
}

/**
 * A list for each column; where one says which set each row is of, as `forget` and `retain`, a list for each set of each other column; where
 * columns mark the rows that are meant, a list for each of those columns.
 */
function listsOfColumns(names: string[], rows: string[][]): RawList[] {
  const by = names.findIndex((name, at) => SET.test(name) && rows.every((row) => /\p{L}/u.test(row[at]!)));
  const columns = names.map((name, at) => ({ name, at })).filter(({ at }) => at !== by);
  if (by < 0)
    return (
      listsOfMarks(columns, rows) ?? columns.map(({ name, at }) => listOfEntries(name, columnOf(rows, at)))
    );
  const sets = [...new Set(rows.map((row) => row[by]!))];
  // The column of the images is asked for here already, since each list is called as its set.
  const images = columns.length === 1 ? columns : columns.filter(({ name }) => INDICES.test(name));
  return images.flatMap(({ name, at }) =>
    sets.map((set) => {
      const own = rows.filter((row) => row[by] === set);
      return listOfEntries(images.length === 1 ? set : `${set}.${name}`, columnOf(own, at));
    }),
  );
}

/**
 * The lists of a table in which one column names the image of each row and others, of zeros and ones or of false and true, mark those to
 * forget or to retain: the rows may be in any order, and of some images only.
 * @returns undefined for any other table
 */
function listsOfMarks(columns: Column[], rows: string[][]): RawList[] | undefined {
  const named = columns.filter(({ name }) => name !== '' && INDICES.test(name));
  // The index of a pandas table has no name.
  const images = named.length > 0 ? named : columns.filter(({ name }) => name === '');
  const marks = columns.filter(({ name, at }) => {
    const isNamed = MASK.test(name) || Object.values(LIST_NAMES).some((known) => known.test(name));
    return isNamed && isMask(columnOf(rows, at), rows.length);
  });
  if (images.length === 0 || marks.length === 0) return undefined;
  const marked = (mark: Column, { name, at }: Column) => {
    const own = rows.filter((row) => Number(cellValue(row[mark.at]!)) === 1);
    return listOfEntries(images.length === 1 ? mark.name : `${mark.name}.${name}`, columnOf(own, at));
  };
  const isInOrder = images.length === 1 && columnOf(rows, images[0]!.at).every((value, i) => value === i);
  const lists = marks.flatMap((mark) =>
    isInOrder
      ? listOfEntries(mark.name, columnOf(rows, mark.at))
      : images.map((image) => marked(mark, image)),
  );
  // Marks of a part of the training set leave open whether the column of the images is the list itself.
  const isDivided = marks.some(({ name }) => !LIST_NAMES.subset.test(name));
  return isDivided
    ? lists
    : [...lists, ...images.map(({ name, at }) => listOfEntries(name, columnOf(rows, at)))];
}

const isMask = (values: unknown[], count: number): boolean =>
  values.length === count &&
  (values.every((value) => typeof value === 'boolean') ||
    values.every((value) => value === 0 || value === 1));

/** A column; columns of a table are as long as the longest, so empty cells at the end are none. */
function columnOf(rows: string[][], at: number): unknown[] {
  const cells = rows.map((row) => row[at]!);
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1).map(cellValue);
}
