import { LetheError } from '../../settings';
import { baseName, type DataFile } from '../data-file';
import { type DecodeImages, frameFor } from '../decode/decode';
import { imageSize, imageTypesListed } from '../decode/image-header';
import { checkClasses, holdOutImages, type ImageStream } from '../image-stream';
import { splitOfFile } from '../splits';
import { openParquet, type ParquetImages } from './parquet';

/**
 * Parquet files of somebody's own, read in the order of their names. All images are brought to the size that those of the first
 * rows settle (`frameFor`). Classes have the names of the file's metadata, else their numbers.
 * @throws LetheError when a file is no parquet file of labelled images, or they do not fit together.
 */
export async function parquetStream(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
): Promise<ImageStream> {
  const sorted = [...files].sort((a, b) => (baseName(a.path) < baseName(b.path) ? -1 : 1));
  const opened = await Promise.all(
    sorted.map(async ({ path, content }) => ({
      split: splitOfFile(path),
      parquet: await openParquet(content, baseName(path)),
    })),
  );
  const first = await opened[0]!.parquet.read().next();
  const sizes = first.done ? [] : first.value.files.map(imageSize);
  const known = sizes.filter((size) => size !== undefined);
  if (known.length === 0 || known.length < sizes.length)
    throw new LetheError(`${baseName(sorted[0]!.path)} holds no ${imageTypesListed('or')} images.`);
  const { height, width, fit } = frameFor(known);
  const classes = opened[0]!.parquet.classes ?? numbered(await mostOf(opened.map(({ parquet }) => parquet)));
  checkClasses(classes.length, name);
  const total = opened.reduce((sum, { parquet }) => sum + parquet.rows, 0);
  const stream: ImageStream = {
    classes,
    shape: [height, width, 3],
    count: total,
    async *batches({ signal, onProgress }) {
      let done = 0;
      for (const { split, parquet } of opened)
        for await (const part of parquet.read({ classes: classes.length, signal })) {
          yield {
            split,
            images: await decode(part.files, { height, width, fit }, { signal, nameOf: part.nameOf }),
            labels: part.labels,
          };
          done += part.files.length;
          onProgress?.({ done, total, unit: 'images' });
        }
    },
  };
  return opened.some(({ split }) => split === 'test') ? stream : holdOutImages(stream);
}

const numbered = (count: number) => Array.from({ length: count }, (_, label) => String(label));

/** The number of classes, where nothing says it: one more than the largest label. */
async function mostOf(files: ParquetImages[]): Promise<number> {
  let most = 0;
  for (const file of files) most = (await file.labels()).reduce((a, b) => Math.max(a, b), most);
  return most + 1;
}
