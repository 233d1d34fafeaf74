import { type DatasetFormat, named, startsWith } from './format';

/** What a parquet file begins and ends with. */
export const PARQUET_MARK = 'PAR1';

export const parquet: DatasetFormat = {
  kind: 'dataset',
  id: 'parquet',
  label: 'Parquet files',
  explanation:
    'One column with images (bytes, or the hub’s struct of bytes and path) and one with classes, numbers or texts: those that the hub’s metadata call so, else by names such as `image` and `label`, `labels`, `class`, `target`; of several `--label-column` chooses. Not compressed, or with snappy, gzip, zstd, brotli or lz4.',
  reference: 'Apache Parquet; the image and class features of Hugging Face’s `datasets`',
  settings: [],
  listed: 'parquet files of images',
  extensions: ['.parquet'],
  filesOf: named(/\.parquet$/i),
  recognises: (start) => startsWith(start, PARQUET_MARK),
  files: 'several',
  async open(files, { name, decode, rows, labelColumn, watch }) {
    const { parquetStream } = await import('../readers/parquet-stream');
    return parquetStream(files, name, decode, { rows, labelColumn, signal: watch.signal });
  },
};
