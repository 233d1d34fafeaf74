import { LetheError } from '../settings';
import { baseName, bytesOf, type DataFile, splitOf, startOf, unknownFormat } from './data-file';
import type { DecodeImages } from './decode/decode';
import { holdOutImages, type ImageBatch, type ImageStream, type Watch } from './image-stream';
import { filesOfTarGzip, filesOfZip } from './readers/archives';
import { CIFAR_SHAPE, decodeCifar, RECORD_BYTES } from './readers/cifar-binary';
import { imageFolder, isImagePath } from './readers/image-folder';
import { isMatFile } from './readers/mat-file';
import { PARQUET_MARK } from './readers/parquet';
import { parquetStream } from './readers/parquet-stream';
import { datasetFromSafetensors } from './readers/safetensors-images';
import { decodeSvhn } from './readers/svhn-mat';
import { CIFAR10_CLASSES } from './sources/cifar10';
import { SVHN_CLASSES } from './sources/svhn';

/** What several files can be read as together, by their names. */
type Format = 'parquet' | 'cifar' | 'mat' | 'image';

function formatOf(path: string): Format | undefined {
  if (/\.parquet$/i.test(path)) return 'parquet';
  if (/^(data_batch_[1-5]|test_batch)\.bin$/.test(baseName(path))) return 'cifar';
  if (/\.mat$/i.test(path)) return 'mat';
  return isImagePath(path) ? 'image' : undefined;
}

/**
 * Of a folder or archive what belongs to no data set is left out; of files that somebody chose one by one, nothing.
 * @throws LetheError when they are not all of one kind.
 */
export function checkTogether(files: Pick<DataFile, 'path'>[]): void {
  const alone = files.find(({ path }) => !formatOf(path));
  if (alone)
    throw new LetheError(
      `${alone.path} must be opened by itself: several files make one data set only where they are CIFAR-10's batches, SVHN's .mat files or parquet files.`,
    );
  const [first] = files;
  const other = files.find(({ path }) => formatOf(path) !== formatOf(first!.path));
  if (other)
    throw new LetheError(
      `${first!.path} and ${other.path} are files of different kinds: open those of one data set at a time.`,
    );
}

/**
 * Opens what somebody brought, by what it holds: one file, an archive, or the files of a folder.
 * @param name what it is called in sentences
 * @throws LetheError with one sentence when it is nothing that Lethe can read, damaged or cut off.
 */
export async function openFiles(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  watch: Watch = {},
): Promise<ImageStream> {
  const [first] = files;
  if (!first) throw new LetheError(`${name} holds no files.`);
  if (files.length === 1) {
    const start = await startOf(first, 16);
    if (startsWith(start, 'PK\x03\x04')) return openFiles(await filesOfZip(first), name, decode, watch);
    if (start[0] === 0x1f && start[1] === 0x8b)
      return openFiles(await filesOfTarGzip(first), name, decode, watch);
    // A header's length as u64, then JSON.
    if (/\.safetensors$/i.test(first.path) || (start[8] === 0x7b && start[7] === 0))
      return safetensorsStream(await bytesOf(first), name);
  }
  const of = (format: Format) => files.filter(({ path }) => formatOf(path) === format);
  const [parquet, batches, mats] = [of('parquet'), of('cifar'), of('mat')];
  if (parquet.length > 0) return parquetStream(parquet, name, decode);
  if (batches.length > 0) return cifarStream(batches);
  if (mats.length > 0) return svhnStream(mats);
  if (of('image').length > 0) return imageFolder(files, name, decode, watch);
  // Without a telling name the content may still say what it is.
  const start = await startOf(first, 16);
  if (startsWith(start, PARQUET_MARK)) return parquetStream(files, name, decode);
  if (isMatFile(start)) return svhnStream(files);
  if (files.some(({ path }) => /^data_batch_[1-5]$/.test(baseName(path))))
    throw new LetheError(
      `${name} holds CIFAR-10's version for Python: Lethe reads the binary version, cifar-10-binary.tar.gz from the same page, or downloads it by itself as cifar10.`,
    );
  throw unknownFormat(name);
}

const startsWith = (bytes: Uint8Array, text: string) =>
  [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));

/** Small formats are read at once. */
function stream(
  about: Pick<ImageStream, 'classes' | 'shape' | 'count'>,
  read: () => Promise<ImageBatch[]> | ImageBatch[],
): ImageStream {
  return {
    ...about,
    async *batches({ signal }) {
      signal?.throwIfAborted();
      yield* await read();
    },
  };
}

function safetensorsStream(bytes: Uint8Array, name: string): ImageStream {
  const { classes, shape, train, test } = datasetFromSafetensors(bytes, name);
  return stream({ classes, shape, count: train.count + test.count }, () =>
    [
      { split: 'train' as const, ...train },
      { split: 'test' as const, ...test },
    ].filter(({ count }) => count > 0),
  );
}

function cifarStream(files: DataFile[]): ImageStream {
  const named = [...files].sort((a, b) => (baseName(a.path) < baseName(b.path) ? -1 : 1));
  const bytes = named.reduce((sum, { content }) => sum + content.byteLength, 0);
  const count = Math.floor(bytes / RECORD_BYTES);
  const all = stream({ classes: CIFAR10_CLASSES, shape: CIFAR_SHAPE, count }, () =>
    Promise.all(
      named.map(async (file) => ({ split: splitOf(file.path), ...decodeCifar([await bytesOf(file)]) })),
    ),
  );
  return files.some(({ path }) => splitOf(path) === 'test') ? all : holdOutImages(all);
}

async function svhnStream(files: DataFile[]): Promise<ImageStream> {
  const parts = await Promise.all(
    files.map(async (file) => decodeSvhn(await bytesOf(file), file.path, splitOf(file.path))),
  );
  const shape = parts[0]!.shape;
  if (parts.some((part) => part.shape.join() !== shape.join()))
    throw new LetheError('The .mat files hold images of different sizes.');
  const count = parts.reduce((sum, part) => sum + part.labels.length, 0);
  const all = stream({ classes: SVHN_CLASSES, shape, count }, () => parts);
  return parts.some(({ split }) => split === 'test') ? all : holdOutImages(all);
}
