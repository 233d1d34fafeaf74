import { type FileMetaData, parquetReadObjects, parquetSchema, type RowGroup } from 'hyparquet';
import { getTreePath } from 'hyparquet/src/schema.js';
import { checkPages } from './parquet-pages';

/** A row group of a parquet file, as a worker gets it. */
export interface RowsRequest {
  rows: number;
  columns: ColumnRequest[];
}

/** One column of a row group. */
export interface ColumnRequest {
  /** Of a file with nothing but this column of this row group. */
  metadata: FileMetaData;
  /** Top-level name. */
  name: string;
  /** Its bytes, and where they begin in the file. */
  from: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Values by column. Of images the hub's struct of bytes and path is taken apart: there are only the bytes. */
export type Rows = Record<string, unknown[]>;

/**
 * Decodes a row group. Damaged ones may keep a decoder busy for ever, so whoever can does it in a worker that is ended.
 * @throws Error when it is damaged
 */
export type DecodeRows = (request: RowsRequest, options?: { signal?: AbortSignal }) => Promise<Rows>;

/**
 * The metadata of one column of a row group, as if the file held no other: what is not wanted is then not even looked at, such as
 * the paths beside the hub's images.
 * @param name of a top-level column: a leaf, or a struct of which `bytes` is read
 */
export function columnMetadata(
  metadata: FileMetaData,
  group: RowGroup,
  name: string,
): FileMetaData | undefined {
  const column = group.columns.find(({ meta_data }) => {
    const [top, inside, ...more] = meta_data!.path_in_schema;
    return top === name && more.length === 0 && (inside === undefined || inside === 'bytes');
  });
  if (!column) return undefined;
  const path = getTreePath(parquetSchema(metadata), column.meta_data!.path_in_schema);
  const schema = path.map(({ element }, depth) =>
    depth < path.length - 1 ? { ...element, num_children: 1 } : element,
  );
  return {
    ...metadata,
    schema,
    num_rows: group.num_rows,
    row_groups: [{ ...group, columns: [column] }],
    key_value_metadata: [],
  };
}

/** Decodes on the thread that calls it. */
export const decodeRows: DecodeRows = async ({ rows, columns }) => {
  const found: Rows = {};
  for (const column of columns) {
    found[column.name] = await decodeColumn(column);
    if (found[column.name]!.length !== rows) throw new Error('a column of another length');
  }
  return found;
};

async function decodeColumn({ metadata, name, from, bytes }: ColumnRequest): Promise<unknown[]> {
  const [group] = metadata.row_groups;
  const column = group!.columns[0]!.meta_data!;
  if (column.num_values !== group!.num_rows) throw new Error('a column of another length');
  const pages = checkPages(bytes, column, getTreePath(parquetSchema(metadata), column.path_in_schema));
  /** Where the bytes that hyparquet was given begin among `bytes`. */
  const starts = new WeakMap<ArrayBufferLike, number>();
  const file = {
    byteLength: from + bytes.length,
    slice(start: number, end: number = from + bytes.length) {
      if (start < from || end > from + bytes.length) throw new Error('bytes outside of the column');
      const copy = bytes.slice(start - from, end - from).buffer;
      starts.set(copy, start - from);
      return copy;
    },
  };
  const { compressors } = await import('./parquet-codecs');
  const checked = Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (packed: Uint8Array, length: number) => {
      const page = pages.get((starts.get(packed.buffer) ?? Number.NaN) + packed.byteOffset);
      if (!page || page.unpackedBytes !== length) throw new Error('a page that was not announced');
      const unpacked = unpack(packed, length);
      if (unpacked.length !== length) throw new Error('a page of another length');
      page.check(unpacked);
      return unpacked;
    },
  ]);
  const rows = await parquetReadObjects({
    file,
    metadata,
    columns: [name],
    utf8: false,
    compressors: Object.fromEntries(checked),
  });
  return rows.map((row) => {
    const value = row[name];
    return value?.bytes instanceof Uint8Array ? value.bytes : value;
  });
}

/** The place of a column's first page. */
export function columnStart(column: { data_page_offset: bigint; dictionary_page_offset?: bigint }): number {
  const { data_page_offset: data, dictionary_page_offset: dictionary } = column;
  return Number(dictionary || data);
}

/** Bytes that the only column of a row group says to have, unpacked. */
export function unpackedBytes({ row_groups }: FileMetaData): number {
  return Math.max(0, Number(row_groups[0]!.columns[0]!.meta_data!.total_uncompressed_size));
}

/** What a worker answers. */
export type RowsAnswer = { rows: Rows } | { damaged: string };

/** A worker that decodes one row group at a time. */
export interface RowsWorker {
  /** It may keep the request's bytes. `onStart` is called when it begins. */
  decode(request: RowsRequest, onStart: () => void): Promise<RowsAnswer>;
  /** Ends it, whatever it does. */
  end(): void;
}

/** Milliseconds for a row group of no size, and bytes that are unpacked in each further one: slow machines are much faster. */
const PATIENCE_MS = 3500;
const BYTES_PER_MS = 2000;

/**
 * Decodes in a worker, which is ended when it takes longer than its bytes can explain, or when the caller gives up.
 * @param patience milliseconds for a row group of no size
 */
export function boundedRows(start: () => RowsWorker, patience = PATIENCE_MS): DecodeRows {
  let idle: RowsWorker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const decode: DecodeRows = async (request, { signal } = {}) => {
    signal?.throwIfAborted();
    const worker = idle ?? start();
    idle = undefined;
    const bytes = request.columns.reduce((sum, { metadata }) => sum + unpackedBytes(metadata), 0);
    let clock: ReturnType<typeof setTimeout> | undefined;
    let stop = () => {};
    const given = new Promise<never>((_, reject) => {
      stop = () => reject(signal!.reason);
      signal?.addEventListener('abort', stop);
    });
    let tooLate: (error: Error) => void;
    const late = new Promise<never>((_, reject) => {
      tooLate = reject;
    });
    const onStart = () => {
      const wait = Math.min(patience + bytes / BYTES_PER_MS, 2 ** 31 - 1);
      clock = setTimeout(() => tooLate(new Error('decoding it does not end')), wait);
    };
    try {
      const answer = await Promise.race([worker.decode(request, onStart), late, given]);
      idle = worker;
      if ('damaged' in answer) throw new Error(answer.damaged);
      return answer.rows;
    } catch (error) {
      if (idle !== worker) worker.end();
      throw error;
    } finally {
      clearTimeout(clock);
      signal?.removeEventListener('abort', stop);
    }
  };
  return (request, options) => {
    // One after the other: a second worker would hold a second row group.
    const turn = last.then(() => decode(request, options));
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** What a worker does with a request. */
export async function answerRows(request: RowsRequest): Promise<RowsAnswer> {
  try {
    return { rows: await decodeRows(request) };
  } catch (error) {
    return { damaged: (error as Error).message };
  }
}

/** The buffers in an answer, each once, to be transferred. */
export function buffersIn(answer: RowsAnswer): ArrayBuffer[] {
  const values = 'rows' in answer ? Object.values(answer.rows).flat() : [];
  return [...new Set(values.flatMap((value) => (value instanceof Uint8Array ? [value.buffer] : [])))].filter(
    (buffer) => buffer instanceof ArrayBuffer,
  );
}
