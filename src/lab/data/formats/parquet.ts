import { type DatasetFormat, named, startsWith } from './format';

/** What a parquet file begins and ends with. */
export const PARQUET_MARK = 'PAR1';

export const parquet: DatasetFormat = {
  kind: 'dataset',
  id: 'parquet',
  label: 'Parquet files',
  explanation:
    'One column with images (bytes, or the hub’s struct of bytes and path), one with class numbers, `label` or a name that ends so; names of classes from the hub’s metadata.',
  reference: 'Apache Parquet; the image and class features of Hugging Face’s `datasets`',
  settings: [],
  listed: 'parquet files of images',
  extensions: ['.parquet'],
  filesOf: named(/\.parquet$/i),
  recognises: (start) => startsWith(start, PARQUET_MARK),
  files: 'several',
  async open(files, { name, decode }) {
    const { parquetStream } = await import('../readers/parquet-stream');
    return parquetStream(files, name, decode);
  },
};
