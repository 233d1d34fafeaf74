import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetSchema } from 'hyparquet';
import { getTreePath } from 'hyparquet/src/schema.js';
import { bytesText } from '../../format';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import { imageFormat } from '../decode/image-header';
import { columnsText, findColumns, type LabelColumn, namedLabel } from './parquet-columns';
import {
  type ColumnRequest,
  columnMetadata,
  columnStart,
  type DecodeRows,
  decodeRows,
  type Rows,
  unpackedBytes,
} from './parquet-rows';

/** A parquet file of images as the Hugging Face hub stores them: encoded images and classes. */
export interface ParquetImages {
  rows: number;
  imageColumn: string;
  label: LabelColumn;
  /** Every column that could be the classes, the chosen one among them. */
  labelColumns: string[];
  /** Columns that are not read. */
  otherColumns: string[];
  /** Names of the classes, when the file's metadata has them. */
  classes?: string[];
  /** Every label, as numbers or, where the column is of texts, as texts; without reading the images. */
  labels(signal?: AbortSignal): Promise<(number | string)[]>;
  /** Encoded images and labels, some hundred rows at a time. */
  read(options?: ReadOptions): AsyncGenerator<ParquetRows>;
}

export interface OpenParquetOptions {
  rows?: DecodeRows;
  /** Of several columns with classes the one that is meant. */
  labelColumn?: string;
  signal?: AbortSignal;
}

export interface ReadOptions {
  /** Labels must lie below it; absent: any class number will do. */
  classes?: number;
  /** Where labels are texts: the classes, whose places are the labels. */
  names?: string[];
  signal?: AbortSignal;
}

export interface ParquetRows {
  files: Uint8Array[];
  labels: Int32Array;
  /** What sentences call the image with this number among `files`. */
  nameOf(index: number): string;
}

/** How columns may be compressed: not at all, by hyparquet itself, or by `parquet-codecs.ts`. */
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4', 'LZ4_RAW'];

/** Images decoded together: enough to keep a pool of workers busy. */
const ROWS_AT_ONCE = 1024;

/** The largest number that labels are kept as. */
const MOST_LABEL = 2 ** 31 - 1;

/** A row takes a byte or more, unless a few rows are said to be many by one damaged number. */
const ROWS_BEYOND_DOUBT = 1_000_000;
/** A row group's columns are unpacked in memory. */
const MOST_UNPACKED = 2 ** 31 - 1;

/**
 * Opens a parquet file: a column with images, a struct `{bytes, path}` or plain bytes, and one with classes, numbers or texts. The
 * hub's metadata tell which, else names, else what the columns hold (`parquet-columns.ts`).
 * @param file the one seam for a download, a local file and memory
 * @throws LetheError with one sentence when it is no such file, or cut off.
 */
export async function openParquet(
  file: AsyncBuffer,
  name: string,
  { rows: decode = decodeRows, labelColumn, signal }: OpenParquetOptions = {},
): Promise<ParquetImages> {
  const bad = (why: string) => new LetheError(`${name} is not a parquet file of labelled images: ${why}.`);
  const metadata = await readMetadata(file, bad);
  const codecs = metadata.row_groups.flatMap(({ columns }) =>
    columns.map((column) => column.meta_data?.codec),
  );
  const unread = codecs.find((codec) => codec !== undefined && !CODECS.includes(codec));
  if (unread)
    throw new LetheError(
      `${name} is compressed with ${printable(String(unread))}, which Lethe does not read: write it with zstd, snappy, gzip or no compression.`,
    );
  const found = findColumns(metadata);
  const columns = `its columns are ${columnsText(found.all)}`;
  const label = labelColumn === undefined ? found.labels[0] : namedLabel(metadata, labelColumn, name);
  if (found.images.length === 0)
    throw bad(
      found.misfits.images
        ? `its ${found.misfits.images}, but images are stored as the bytes of PNG, JPEG or other files`
        : `${columns}, of which none holds images`,
    );
  if (!label && found.misfits.labels)
    throw bad(
      `its ${found.misfits.labels}, but classes are numbers or texts, one for each image: if another column holds them, name it as label column`,
    );
  if (!label)
    throw bad(
      `${columns}, of which none is called label or class: if one of them holds the classes, name it as label column`,
    );
  const image = found.areImagesSure ? found.images[0]! : await columnOfImages(found.images);
  if (image === undefined) throw bad(`${columns}, of which none holds images`);
  const rowCount = metadata.row_groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
  const labelColumns = found.labels.map((column) => column.name);
  return {
    rows: rowCount,
    imageColumn: image,
    label,
    labelColumns: labelColumns.includes(label.name) ? labelColumns : [label.name, ...labelColumns],
    otherColumns: found.all.filter((column) => column !== image && column !== label.name),
    classes: label.classes,
    async labels(signalled) {
      const all: (number | string)[] = [];
      for (const group of groups()) {
        const rows = await readGroup(group, [label.name], signalled);
        for (const [i, value] of rows[label.name]!.entries()) all.push(labelOf(value, group.first + i));
      }
      return all;
    },
    read,
  };

  function* groups() {
    let first = 0;
    for (const group of metadata.row_groups) {
      yield { group, first, last: first + Number(group.num_rows) - 1 };
      first += Number(group.num_rows);
    }
  }

  /** The first of some columns whose first value is an image. */
  async function columnOfImages(candidates: string[]): Promise<string | undefined> {
    for (const column of candidates)
      for (const group of groups()) {
        const values = (await readGroup(group, [column], signal))[column]!;
        const first = values.find((value) => value instanceof Uint8Array);
        if (first && imageFormat(first as Uint8Array)) return column;
        if (first) break;
      }
    return undefined;
  }

  async function readGroup(
    { group, first, last }: { group: FileMetaData['row_groups'][number]; first: number; last: number },
    wanted: string[],
    signalled?: AbortSignal,
  ): Promise<Rows> {
    const damaged = () => bad(`rows ${first} to ${last} cannot be read, so it is damaged`);
    signalled?.throwIfAborted();
    const columns: ColumnRequest[] = [];
    for (const column of wanted) {
      const own = columnMetadata(metadata, group, column);
      if (!own) throw damaged();
      if (unpackedBytes(own) > MOST_UNPACKED)
        throw new LetheError(
          `${name} has ${bytesText(unpackedBytes(own))} in rows ${first} to ${last}, which are read at once: write it with smaller row groups, of 1,000 images or so.`,
        );
      const { meta_data } = own.row_groups[0]!.columns[0]!;
      const [from, length] = [columnStart(meta_data!), Number(meta_data!.total_compressed_size)];
      if (!(from >= 4 && length >= 0 && from + length <= file.byteLength)) throw damaged();
      columns.push({
        metadata: own,
        name: column,
        from,
        bytes: new Uint8Array(await file.slice(from, from + length)),
      });
    }
    return decode({ rows: last - first + 1, columns }, { signal: signalled }).catch(() => {
      signalled?.throwIfAborted();
      throw damaged();
    });
  }

  /** Labels are checked as they are stored: narrowed to 32 bits, a missing one would become class 0 and a large one any class. */
  function labelOf(value: unknown, row: number, { classes = MOST_LABEL + 1, names }: ReadOptions = {}) {
    const at = inRow(row);
    if (value === null || value === undefined) throw new LetheError(`${name} has no label in ${at}.`);
    if (label!.kind === 'text') {
      const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
      if (typeof text !== 'string') throw new LetheError(`${name} has a label in ${at} that is no text.`);
      return names ? names.indexOf(text) : text;
    }
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'bigint' && !Number.isInteger(number))
      throw new LetheError(`${name} has a label in ${at} that is no whole number.`);
    if ((number as bigint | number) < 0)
      throw new LetheError(
        `${name} has the label ${number} in ${at}, which is no class number${Number(number) === -1 ? '; -1 marks images without a label: leave their file out' : ''}.`,
      );
    if ((number as bigint | number) >= classes)
      throw new LetheError(
        `${name} has the label ${number} in ${at}, but class numbers go from 0 to ${classes - 1}.`,
      );
    return Number(number);
  }

  async function* read(options: ReadOptions = {}): AsyncGenerator<ParquetRows> {
    for (const group of groups()) {
      const rows = await readGroup(group, [image!, label!.name], options.signal);
      const [images, labels] = [rows[image!]!, rows[label!.name]!];
      for (let from = 0; from < images.length; from += ROWS_AT_ONCE) {
        const firstRow = group.first + from;
        yield {
          files: images.slice(from, from + ROWS_AT_ONCE).map((bytes, i) => {
            if (!(bytes instanceof Uint8Array)) throw bad(`it has no image in ${inRow(firstRow + i)}`);
            return bytes;
          }),
          labels: Int32Array.from(
            labels.slice(from, from + ROWS_AT_ONCE),
            (value, i) => labelOf(value, firstRow + i, options) as number,
          ),
          nameOf: (index) => `The image in ${inRow(firstRow + index)} of ${name}`,
        };
      }
    }
  }
}

const inRow = (row: number) => `row ${row} (counted from 0)`;

async function readMetadata(file: AsyncBuffer, bad: (why: string) => LetheError): Promise<FileMetaData> {
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
    // A damaged footer may be read and still lack what every one has.
    const isWhole = metadata.row_groups.every(
      ({ num_rows, columns }) =>
        num_rows >= 0n &&
        columns.every(({ meta_data: column }) => column && column.path_in_schema.length > 0),
    );
    const tree = parquetSchema(metadata);
    for (const { columns } of metadata.row_groups)
      for (const { meta_data } of columns) getTreePath(tree, meta_data!.path_in_schema);
    const isNamed = metadata.schema.every(({ name }) => typeof name === 'string');
    if (!isWhole || !isNamed || metadata.schema.length < 2) throw new Error('incomplete');
  } catch {
    throw bad('it is damaged, cut off, or another format');
  }
  const rows = metadata.row_groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
  if (rows > Math.max(ROWS_BEYOND_DOUBT, file.byteLength))
    throw bad(`it announces ${rows.toLocaleString('en-US')} rows in ${bytesText(file.byteLength)}`);
  return metadata;
}
