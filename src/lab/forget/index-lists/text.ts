import { readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { checkTextSize, decodeText } from '../../text';
import { type IndexListFormat, isFileName, type RawList } from './index-list';

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

const isNumber = (cell: string) => /^[-+]?\d+(\.\d*)?([eE][-+]?\d+)?$/.test(cell);
const cellValue = (cell: string): unknown => {
  if (isNumber(cell)) return Number(cell);
  if (/^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  return cell;
};

function listsOfTable(content: string): RawList[] {
  const lines = content
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  // Words within a cell stand in quotes or between commas; spaces divide where nothing else does.
  const marked = ['\t', ';', ','].find((mark) => lines.some((line) => line.includes(mark)));
  // Names of files may have spaces in them.
  const separator = marked ?? (lines.every(isFileName) ? '\n' : /\s+/);
  const rows = lines.map((line) =>
    line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')),
  );
  const [first, ...rest] = rows;
  if (!first) return [{ name: '', values: [] }];
  const hasHeader =
    rest.length > 0 &&
    first.every((cell) => !isNumber(cell) && !isFileName(cell) && !/^(true|false)$/i.test(cell));
  if (hasHeader && rest.every((row) => row.length === first.length))
    return first.map((name, column) => ({ name, values: rest.map((row) => cellValue(row[column]!)) }));
  const regular = rows.length > 1 && first.length > 1 && rows.every((row) => row.length === first.length);
  if (regular && first.at(-1) !== '')
    throw new LetheError(
      `it has ${first.length} columns and no header: leave one column, or call the one that is meant "index" in a first line.`,
    );
  return [
    {
      name: '',
      values: rows
        .flat()
        .filter((cell) => cell !== '')
        .map(cellValue),
    },
  ];
}
