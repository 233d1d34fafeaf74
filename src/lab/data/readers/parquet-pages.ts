import type { ColumnMetaData, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { getMaxDefinitionLevel } from 'hyparquet/src/schema.js';

/**
 * hyparquet 1.31.5 believes what a page says of itself. Where a field of a page's header is missing, which one changed byte does, the
 * place that it reads from becomes NaN, `DataView.getUint8(NaN)` is the first byte every time, and it reads that one for ever; an
 * announced run of 2³⁰ values is written far beyond the end of its page. So all headers and runs are checked before it sees them.
 */

/** Values by which a run may exceed its page: writers fill up groups of 8, some of them several groups. */
const RUN_SLACK = 512;
/** Headers count as a part of what a column announces, and small columns announce it badly. */
const PAGE_SLACK = 65_536;

/** A page's content, before it is unpacked. */
interface Page {
  /** What is to be looked at when it is unpacked. */
  check(unpacked: Uint8Array): void;
  unpackedBytes: number;
}

/** Whole and not negative. */
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/**
 * Checks a column chunk's pages.
 * @param schemaPath from the root to the column; none of it is repeated
 * @returns pages by the place of their packed content in `chunk`
 * @throws Error where following the headers would not end, or take more memory than the column announces
 */
export function checkPages(
  chunk: Uint8Array,
  column: ColumnMetaData,
  schemaPath: SchemaTree[],
): Map<number, Page> {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const reader = { view, offset: 0 };
  const announced = Math.max(Number(column.total_uncompressed_size), chunk.length);
  const mostUnpacked = 2 * announced + PAGE_SLACK;
  const maxDefinition = getMaxDefinitionLevel(schemaPath);
  const pages = new Map<number, Page>();
  let unpacked = 0;
  let left = Number(column.num_values);
  // hyparquet stops with the last value of a plain column, and of others with the last byte.
  const isPlain = schemaPath.length === 2;
  while ((left > 0 || !isPlain) && reader.offset < chunk.length - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packedBytes, uncompressed_page_size: unpackedBytes } = header;
    demand(isCount(packedBytes) && isCount(unpackedBytes), 'a page without its size');
    demand(reader.offset + packedBytes <= chunk.length, 'a page that ends behind its column');
    unpacked += unpackedBytes;
    demand(unpacked <= mostUnpacked, 'pages of more bytes than announced');
    const content = chunk.subarray(reader.offset, reader.offset + packedBytes);
    const { values, levelBytes, check } = checkHeader(header, column, maxDefinition, content);
    left -= values;
    demand(left >= 0, 'more values than announced');
    const isPacked = column.codec !== 'UNCOMPRESSED' && header.data_page_header_v2?.is_compressed !== false;
    if (isPacked) pages.set(reader.offset + levelBytes, { check, unpackedBytes: unpackedBytes - levelBytes });
    else check(content.subarray(levelBytes));
    reader.offset += packedBytes;
  }
  demand(left === 0, 'fewer values than announced');
  return pages;
}

/** @returns how many values a page adds, how many bytes of levels stand before what is packed, and how to check what is. */
function checkHeader(
  header: PageHeader,
  { type }: ColumnMetaData,
  maxDefinition: number,
  content: Uint8Array,
): { values: number; levelBytes: number; check: Page['check'] } {
  const levelBits = 32 - Math.clz32(maxDefinition);
  const { dictionary_page_header: dictionary, data_page_header: one, data_page_header_v2: two } = header;
  if (header.type === 'DICTIONARY_PAGE') {
    demand(isCount(dictionary?.num_values), 'a dictionary without a length');
    demand(4 * dictionary.num_values <= header.uncompressed_page_size + 4, 'too long a dictionary');
    return { values: 0, levelBytes: 0, check: () => {} };
  }
  if (header.type === 'DATA_PAGE') {
    demand(isCount(one?.num_values), 'a page without a length');
    const check = (page: Uint8Array) => {
      const levels = maxDefinition > 0 ? countedRuns(page) : undefined;
      const values = levels ? checkRuns(levels, levelBits, one.num_values, maxDefinition) : one.num_values;
      checkValues(page.subarray(levels ? 4 + levels.length : 0), one.encoding, type, values);
    };
    return { values: one.num_values, levelBytes: 0, check };
  }
  demand(header.type === 'DATA_PAGE_V2' && two !== undefined, 'a page of another kind');
  const { num_values: values, num_nulls: nulls, num_rows: rows } = two;
  const { definition_levels_byte_length: definition, repetition_levels_byte_length: repetition } = two;
  demand([values, nulls, rows, definition, repetition].every(isCount), 'a page without its lengths');
  const levelBytes = definition + repetition;
  demand(nulls <= values && rows <= values, 'a page with more empty values than values');
  demand(levelBytes <= content.length && levelBytes <= header.uncompressed_page_size, 'levels behind a page');
  if (maxDefinition > 0) checkRuns(content.subarray(repetition, levelBytes), levelBits, values);
  const check = (page: Uint8Array) => checkValues(page, two.encoding, type, values - nulls);
  return { values, levelBytes, check };
}

/** @param count values that the page holds, without the empty ones */
function checkValues(page: Uint8Array, encoding: string, type: string, count: number): void {
  if (count === 0) return;
  if (encoding === 'RLE' && type === 'BOOLEAN') checkRuns(countedRuns(page), 1, count);
  else if (encoding.endsWith('DICTIONARY') || encoding === 'RLE') {
    // Bits of an index; none where the dictionary has a single value, for which some writers leave the runs out.
    const bits = page[0];
    demand(bits !== undefined && bits <= 32, 'indices of an impossible width');
    if (bits > 0 || page.length > 1) checkRuns(page.subarray(1), bits, count);
  } else if (encoding.startsWith('DELTA')) checkDelta(page);
}

/** Runs behind their length in bytes, which takes four. */
function countedRuns(page: Uint8Array): Uint8Array {
  demand(page.length >= 4, 'a page that ends before its levels');
  const length = new DataView(page.buffer, page.byteOffset).getUint32(0, true);
  demand(4 + length <= page.length, 'levels behind a page');
  return page.subarray(4, 4 + length);
}

/**
 * Checks runs of equal or packed values (Parquet's RLE/bit-packing hybrid): hyparquet goes on behind their end where they are too few.
 * @param counted a value of up to 8 bits
 * @returns how many of the first `count` values are `counted`
 */
function checkRuns(bytes: Uint8Array, bits: number, count: number, counted = -1): number {
  let [at, seen, found] = [0, 0, 0];
  while (seen < count) {
    const [header, next] = varint(bytes, at);
    const isPacked = header % 2 === 1;
    const values = isPacked ? 8 * (header >>> 1) : header >>> 1;
    demand(seen + values <= count + RUN_SLACK, 'a run that is longer than its page');
    const end = next + (isPacked ? (values / 8) * bits : (bits + 7) >> 3);
    // The last packed values, which only fill up a group, may be cut off.
    const used = isPacked ? next + Math.ceil((Math.min(values, count - seen) * bits) / 8) : end;
    demand(used <= bytes.length, 'a run that ends behind its page');
    if (counted >= 0)
      for (let i = 0; i < values && seen + i < count; i++)
        if ((isPacked ? bitsAt(bytes, 8 * next + i * bits, bits) : bytes[next]) === counted) found++;
    at = end;
    seen += values;
  }
  return found;
}

/** Up to 8 bits from this one on, the lowest first. */
function bitsAt(bytes: Uint8Array, from: number, bits: number): number {
  const word = bytes[from >> 3]! | ((bytes[(from >> 3) + 1] ?? 0) << 8);
  return (word >> (from & 7)) & ((1 << bits) - 1);
}

/** The head of a list of differences: a block holds a whole number of small blocks, each of some values. */
function checkDelta(page: Uint8Array): void {
  const [block, next] = varint(page, 0);
  const [parts] = varint(page, next);
  demand(block > 0 && parts > 0 && parts <= block && block % parts === 0, 'a block of no values');
  demand(block <= 2 ** 20, 'a block of too many values');
}

/** A whole number of at most 32 bits. @returns it and where the next one begins. */
function varint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; shift <= 28; shift += 7) {
    const byte = bytes[at++];
    demand(byte !== undefined, 'a number that is cut off');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      demand(value < 2 ** 31, 'too large a number');
      return [value, at];
    }
  }
  throw new Error('too large a number');
}
