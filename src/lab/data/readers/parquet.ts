import { gunzipSync } from 'fflate';
import {
  type AsyncBuffer,
  type CompressionCodec,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { LetheError } from '../../settings';

/** A parquet file of images as the Hugging Face hub stores them: encoded images and class numbers. */
export interface ParquetImages {
  rows: number;
  /** Names of the classes, when the file's metadata has them. */
  classes?: string[];
  /** Every label, without reading the images. */
  labels(): Promise<Int32Array>;
  /** Encoded images and labels, some hundred rows at a time. */
  read(options?: ReadOptions): AsyncGenerator<ParquetRows>;
}

export interface ReadOptions {
  /** Labels must lie below it; absent: any class number will do. */
  classes?: number;
  signal?: AbortSignal;
}

export interface ParquetRows {
  files: Uint8Array[];
  labels: Int32Array;
  /** What sentences call the image with this number among `files`. */
  nameOf(index: number): string;
}

/** How columns may be compressed; the first two are hyparquet's own. */
const CODECS: CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY', 'GZIP'];
const compressors: Compressors = {
  GZIP: (input, length) => gunzipSync(input, { out: new Uint8Array(length) }),
};

/** Images decoded together: enough to keep a pool of workers busy. */
const ROWS_AT_ONCE = 1024;

/** The largest number that labels are kept as. */
const MOST_LABEL = 2 ** 31 - 1;

/**
 * Opens a parquet file: one column with images, a struct `{bytes, path}` or plain bytes, and one with class numbers, `label` or the
 * first whose name ends so.
 * @param file the one seam for a download, a local file and memory
 * @throws LetheError with one sentence when it is no such file, or cut off.
 */
export async function openParquet(file: AsyncBuffer, name: string): Promise<ParquetImages> {
  const bad = (why: string) => new LetheError(`${name} is not a parquet file of labelled images: ${why}.`);
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch {
    throw bad('it is damaged, cut off, or another format');
  }
  const codecs = metadata.row_groups.flatMap(({ columns }) =>
    columns.map((column) => column.meta_data?.codec),
  );
  const unread = codecs.find((codec) => codec !== undefined && !CODECS.includes(codec));
  if (unread)
    throw new LetheError(
      `${name} is compressed with ${unread}, which Lethe does not read: write it with snappy, gzip or no compression.`,
    );
  const columns = parquetSchema(metadata).children.map(({ element, children }) => ({
    name: element.name,
    isImage:
      children.some((child) => child.element.name === 'bytes') ||
      (element.type === 'BYTE_ARRAY' && !element.converted_type && !element.logical_type),
    isLabel: (element.type === 'INT64' || element.type === 'INT32') && /label$/.test(element.name),
  }));
  const image = columns.find(({ isImage }) => isImage)?.name;
  const label = (columns.find((column) => column.name === 'label') ?? columns.find(({ isLabel }) => isLabel))
    ?.name;
  if (!image || !label) throw bad(`its columns are ${columns.map((column) => column.name).join(', ')}`);
  return { rows: Number(metadata.num_rows), classes: classNames(metadata, label), labels, read };

  async function labels(): Promise<Int32Array> {
    const rows = await parquetReadObjects({ file, metadata, columns: [label!], compressors }).catch(() => {
      throw bad('its labels cannot be read');
    });
    return labelsOf(rows, 0, MOST_LABEL + 1);
  }

  /** Labels are checked as they are stored: narrowed to 32 bits, a missing one would become class 0 and a large one any class. */
  function labelsOf(rows: Record<string, unknown>[], firstRow: number, classes: number): Int32Array {
    return Int32Array.from(rows, (row, i) => {
      const value = row[label!];
      const at = inRow(firstRow + i);
      if (value === null || value === undefined) throw new LetheError(`${name} has no label in ${at}.`);
      if (typeof value !== 'bigint' && !Number.isInteger(value))
        throw new LetheError(`${name} has a label in ${at} that is no whole number.`);
      if ((value as bigint | number) < 0 || (value as bigint | number) >= classes)
        throw new LetheError(
          `${name} has the label ${value} in ${at}, but class numbers go from 0 to ${classes - 1}.`,
        );
      return Number(value);
    });
  }

  async function* read({ classes = MOST_LABEL + 1, signal }: ReadOptions = {}): AsyncGenerator<ParquetRows> {
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      signal?.throwIfAborted();
      const rows = await parquetReadObjects({
        file,
        metadata,
        columns: [image!, label!],
        rowStart,
        rowEnd,
        utf8: false,
        compressors,
      }).catch(() => {
        throw bad(`rows ${rowStart} to ${rowEnd - 1} cannot be read`);
      });
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
        const part = rows.slice(from, from + ROWS_AT_ONCE);
        const firstRow = rowStart + from;
        yield {
          files: part.map((row, i) => {
            const bytes = row[image!]?.bytes ?? row[image!];
            if (!(bytes instanceof Uint8Array)) throw bad(`it has no image in ${inRow(firstRow + i)}`);
            return bytes;
          }),
          labels: labelsOf(part, firstRow, classes),
          nameOf: (index) => `The image in ${inRow(firstRow + index)} of ${name}`,
        };
      }
      rowStart = rowEnd;
    }
  }
}

const inRow = (row: number) => `row ${row} (counted from 0)`;

/** The names that the `datasets` library writes into a file's metadata beside its features. */
function classNames({ key_value_metadata }: FileMetaData, label: string): string[] | undefined {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  try {
    const names = text && JSON.parse(text).info.features[label].names;
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
  } catch {
    return undefined;
  }
}
