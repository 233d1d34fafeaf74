import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { gzipSync, zipSync } from 'fflate';
import type { CompressionCodec } from 'hyparquet';
import { createTar } from 'nanotar';
import { expect, test } from 'vitest';
import { decodeOnThread } from '../../../src/cli/decode-sharp';
import { contentHash } from '../../../src/lab/data/content-hash';
import { type DataFile, memoryFile } from '../../../src/lab/data/data-file';
import { collectStream } from '../../../src/lab/data/image-stream';
import { openFiles } from '../../../src/lab/data/open';
import { decodeCifar } from '../../../src/lab/data/readers/cifar-binary';
import { encodeSafetensors, type StoredTensor } from '../../../src/lab/nn/safetensors';
import { LetheError } from '../../../src/lab/settings';
import type { LoadProgress } from '../../../src/lab/watch';
import { matFile, parquetFile, picture, png, storedZstd } from '../../support/data-files';

const images = { shape: [3, 2, 2, 1], data: Uint8Array.from({ length: 12 }, (_, i) => i) };
const labels = { shape: [3], data: Int32Array.of(0, 2, 1) };
const read = async (files: DataFile[], name = 'mine') => {
  const stream = await openFiles(files, name, decodeOnThread);
  const data = await collectStream(stream, name);
  // Known before anything is decoded: it decides where the images will lie.
  expect(stream.count).toBe(data.train.count + data.test.count);
  if (stream.counts) expect(stream.counts).toEqual({ train: data.train.count, test: data.test.count });
  return data;
};
const open = (tensors: Record<string, StoredTensor>) =>
  read([memoryFile('mine.safetensors', encodeSafetensors(tensors))]);

test('safetensors: with and without a test split', async () => {
  const alone = await open({ images, labels });
  expect(alone).toMatchObject({ shape: [2, 2, 1], classes: ['0', '1', '2'], test: { count: 0 } });
  expect(alone.train).toEqual({ images: images.data, labels: labels.data, count: 3 });
  const test_labels = { shape: [3], data: Int32Array.of(4, 0, 0) };
  const both = await open({ images, labels, test_images: images, test_labels });
  expect(both.classes.length).toBe(5);
  expect(both.test.labels).toEqual(Int32Array.of(4, 0, 0));
  expect(both.test.count).toBe(3);
});

test.each<[string, Record<string, StoredTensor>, RegExp]>([
  ['no images', { labels }, /no tensor "images"/],
  ['no labels', { images }, /"labels" must be I32/],
  ['too few labels', { images, labels: { shape: [2], data: Int32Array.of(0, 1) } }, /each of the 3 images/],
  ['float images', { images: { shape: [1, 1, 1, 1], data: Float32Array.of(1) }, labels }, /must be U8/],
  [
    'three dimensions',
    { images: { shape: [3, 2, 2], data: images.data }, labels },
    /height, width, channels/,
  ],
  [
    'channels first',
    { images: { shape: [3, 3, 2, 2], data: new Uint8Array(36) }, labels },
    /3 channels first: .*permute\(0, 2, 3, 1\)/,
  ],
  ['a negative label', { images, labels: { shape: [3], data: Int32Array.of(0, -1, 1) } }, /-1/],
  [
    'another test shape',
    {
      images,
      labels,
      test_images: { shape: [1, 1, 1, 1], data: Uint8Array.of(1) },
      test_labels: { shape: [1], data: Int32Array.of(0) },
    },
    /must agree/,
  ],
])('safetensors: refuses %s', async (_, tensors, message) => {
  await expect(open(tensors)).rejects.toThrow(LetheError);
  await expect(open(tensors)).rejects.toThrow(message);
});

const record = (label: number) =>
  Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : Math.floor((i - 1) / 1024) * 80 + (i % 7)));
const cifarFiles = () => {
  const batches = [1, 2, 3, 4, 5].map(
    (n) => [`cifar-10-batches-bin/data_batch_${n}.bin`, record(n)] as const,
  );
  return Object.fromEntries([...batches, ['cifar-10-batches-bin/test_batch.bin', record(9)]]);
};

test('CIFAR-10 binary: planar records become interleaved images, from a folder, a .tar.gz and a .zip', async () => {
  const files = cifarFiles();
  const folder = await read(
    Object.entries(files)
      .reverse()
      .map(([path, bytes]) => memoryFile(path, bytes)),
  );
  expect([...folder.train.labels]).toEqual([1, 2, 3, 4, 5]);
  expect([...folder.test.labels]).toEqual([9]);
  expect(folder.classes[9]).toBe('truck');
  const pixel = 33;
  const channels = folder.test.images.subarray(pixel * 3, pixel * 3 + 3);
  expect([...channels]).toEqual([0, 1, 2].map((c) => record(9)[1 + c * 1024 + pixel]));
  const tar = createTar(Object.entries(files).map(([name, data]) => ({ name, data })));
  const packed = gzipSync(new Uint8Array(tar));
  expect(await read([memoryFile('cifar-10-binary.tar.gz', packed)])).toEqual(folder);
  expect(await read([memoryFile('cifar.zip', zipSync(files))])).toEqual(folder);
  const python = createTar([{ name: 'cifar-10-batches-py/data_batch_1', data: new Uint8Array(99) }]);
  await expect(
    read([memoryFile('cifar-10-python.tar.gz', gzipSync(new Uint8Array(python)))]),
  ).rejects.toThrow(/data_batch_1 is damaged, cut off, or no pickle/);
  await expect(read([memoryFile('a.tar.gz', packed.subarray(0, packed.length / 2))])).rejects.toThrow(
    /cut off/,
  );
  expect(() => decodeCifar([record(3).subarray(1)])).toThrow(/truncated/);
  expect(() => decodeCifar([record(10)])).toThrow(/label 10/);
});

test('SVHN .mat: reads column-major images, and 10 as the digit 0', async () => {
  const [height, width, count] = [4, 3, 6];
  const X = new Uint8Array(height * width * 3 * count);
  const value = (row: number, column: number, channel: number, image: number) =>
    image * 36 + row * 9 + column * 3 + channel;
  for (let i = 0, image = 0; image < count; image++)
    for (let channel = 0; channel < 3; channel++)
      for (let column = 0; column < width; column++)
        for (let row = 0; row < height; row++) X[i++] = value(row, column, channel, image);
  const file = matFile([
    { name: 'X', dims: [height, width, 3, count], data: X },
    { name: 'y', dims: [count, 1], data: Uint8Array.of(10, 1, 2, 3, 9, 5) },
  ]);
  const test = await read([memoryFile('train_32x32.mat', file), memoryFile('test_32x32.mat', file)]);
  expect(test.shape).toEqual([height, width, 3]);
  expect([...test.train.labels]).toEqual([0, 1, 2, 3, 9, 5]);
  // The values were chosen so that row-major order counts up.
  expect(test.train.images).toEqual(Uint8Array.from({ length: X.length }, (_, i) => i));
  expect(test.test).toEqual(test.train);
  await expect(read([memoryFile('x.mat', file.subarray(0, -9))])).rejects.toThrow(/damaged or cut off/);
  await expect(read([memoryFile('x.mat', matFile([]))])).rejects.toThrow(/needs X/);
  const halves = matFile([
    { name: 'X', dims: [height, width, 3, count], data: X },
    { name: 'y', dims: [count, 1], data: Float64Array.of(1, 2, 2.5, 3, 4, 5) },
  ]);
  await expect(read([memoryFile('x.mat', halves)])).rejects.toThrow(/the label 2.5, which is no digit/);
});

test('image folder: classes in alphabetical order, images of all classes mixed, a sixth held out', async () => {
  const files = ['dog', 'cat'].flatMap((name, c) =>
    Array.from({ length: 6 }, (_, i) => [`pets/${name}/${i}.png`, png(c * 10 + i, 9)] as const),
  );
  const data = await read(files.map(([path, bytes]) => memoryFile(path, bytes)));
  expect(data).toMatchObject({ classes: ['cat', 'dog'], shape: [9, 9, 3] });
  expect([...data.train.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  expect(data.train.images.subarray(0, 243)).toEqual(picture(10, 9, 9));
  expect(data.test.images).toEqual(Uint8Array.from([...picture(15, 9, 9), ...picture(5, 9, 9)]));
  const zipped = zipSync({ ...Object.fromEntries(files), '__MACOSX/pets/cat/._0.png': new Uint8Array(9) });
  expect(await read([memoryFile('pets.zip', zipped)])).toEqual(data);
  const windows = Object.fromEntries(files.map(([path, bytes]) => [path.replaceAll('/', '\\'), bytes]));
  expect(await read([memoryFile('pets.zip', zipSync(windows))])).toEqual(data);
});

test('image folder: refuses images beside folders of images', async () => {
  const files = ['pets/cat/0.png', 'pets/dog/0.png', 'pets/dog big/0.png'].map((path, i) =>
    memoryFile(path, png(i, 9)),
  );
  expect((await read(files)).classes).toEqual(['cat', 'dog', 'dog big']);
  for (const [stray, message] of [
    ['preview.png', /^mine holds images beside folders of images/],
    ['pets/preview.png', /^pets holds images beside/],
    ['pets/dog/puppies/0.png', /^pets\/dog holds images beside/],
  ] as const)
    await expect(read([...files, memoryFile(stray, png(9, 9))])).rejects.toThrow(message);
});

test('image folder: looking up the sizes of many images reports progress and can be cancelled', async () => {
  const files = Array.from({ length: 300 }, (_, i) => memoryFile(`${i % 2}/${i}.png`, png(i, 8)));
  const progress: LoadProgress[] = [];
  await openFiles(files, 'mine', decodeOnThread, { onProgress: (seen) => progress.push(seen) });
  expect(progress.map(({ done, total, counted }) => [done, total, counted])).toEqual([
    [256, 300, 'images'],
    [300, 300, 'images'],
  ]);
  const cancel = new AbortController();
  const onProgress = () => cancel.abort(new LetheError('Stopped.'));
  const stopped = openFiles(files, 'mine', decodeOnThread, { signal: cancel.signal, onProgress });
  await expect(stopped).rejects.toThrow('Stopped.');
});

test('image folder: with a test split, and images of several sizes', async () => {
  const paths = ['train/a', 'train/b', 'val/a', 'val/b'];
  const files = paths.flatMap((path, i) => [
    memoryFile(`${path}/0.png`, png(i, 40, 70)),
    memoryFile(`${path}/1.png`, png(i, 66, 50)),
  ]);
  const data = await read(files);
  expect(data).toMatchObject({ shape: [32, 32, 3], train: { count: 4 }, test: { count: 4 } });
  expect(data.test.labels).toEqual(Int32Array.of(0, 1, 0, 1));
});

test('parquet: with and without names of classes, compressed, cut off, and with bad labels', async () => {
  const numbers = Array.from({ length: 14 }, (_, i) => i);
  const file = (classes?: string[]) =>
    parquetFile(
      numbers.map((n) => png(n, 10)),
      numbers.map((n) => n % 2),
      { column: 'image', classes },
    );
  const both = await read([
    memoryFile('data/validation-0.parquet', file(['x', 'y'])),
    memoryFile('data/train-0.parquet', file(['x', 'y'])),
  ]);
  expect(both).toMatchObject({
    classes: ['x', 'y'],
    shape: [10, 10, 3],
    train: { count: 14 },
    test: { count: 14 },
  });
  const alone = await read([memoryFile('anything', file())]);
  expect(alone).toMatchObject({ classes: ['0', '1'], train: { count: 12 }, test: { count: 2 } });
  const packed = (codec: CompressionCodec, compress: (bytes: Uint8Array) => Uint8Array) =>
    memoryFile(
      'a.parquet',
      parquetFile(
        numbers.map((n) => png(n, 10)),
        numbers.map((n) => n % 2),
        { column: 'image', codec, compressors: { [codec]: compress } },
      ),
    );
  expect((await read([packed('GZIP', (bytes) => gzipSync(bytes))])).train).toEqual(alone.train);
  expect((await read([packed('BROTLI', (bytes) => brotliCompressSync(bytes))])).train).toEqual(alone.train);
  expect((await read([packed('ZSTD', storedZstd)])).train).toEqual(alone.train);
  await expect(read([packed('LZO', (bytes) => bytes)])).rejects.toThrow(/a.parquet is compressed with LZO/);
  await expect(read([memoryFile('a.parquet', file().subarray(0, 500))])).rejects.toThrow(/cut off/);
  // Where no names say how many classes there are, the labels do: none may be missing or wrap around.
  for (const [label, message] of [
    [null, /a.parquet has no label in row 1 /],
    [-1, /label -1 in row 1 /],
    [2n ** 31n, /label 2147483648 in row 1 /],
  ] as const) {
    const labelled = parquetFile([png(0, 8), png(1, 8)], [0, label], { column: 'image' });
    await expect(read([memoryFile('a.parquet', labelled)])).rejects.toThrow(message);
  }
});

test.each<[string, DataFile[], RegExp]>([
  ['nothing', [], /holds no files/],
  ['a text', [memoryFile('notes.txt', new TextEncoder().encode('hello'))], /no data set that Lethe can read/],
  ['one class', [memoryFile('cat/1.png', png(1, 8))], /at least two; found: cat/],
  [
    'a broken zip',
    [memoryFile('a.zip', new TextEncoder().encode('PK\x03\x04 and no more'))],
    /cannot be unzipped/,
  ],
  [
    'a text as image',
    [memoryFile('a/1.png', new Uint8Array(50)), memoryFile('b/1.png', png(1, 8))],
    /a\/1.png is damaged/,
  ],
  [
    'too many classes',
    Array.from({ length: 1001 }, (_, i) => memoryFile(`c${i}/1.png`, png(1, 8))),
    /1,001 classes/,
  ],
])('openFiles: refuses %s in one sentence', async (_, files, message) => {
  await expect(read(files)).rejects.toThrow(message);
  await expect(read(files)).rejects.toThrow(LetheError);
});

test('openFiles: refuses a file that is too large to be read as a whole', async () => {
  const file = memoryFile('all.safetensors', encodeSafetensors({ images, labels }));
  const large = { ...file, content: { ...file.content, byteLength: 5e9 } };
  await expect(read([large])).rejects.toThrow(
    /^all.safetensors has 5.0 GB, .* up to 2.1 GB: unpacked into folders/,
  );
});

test('contentHash: depends on names and bytes, not on the order in which files come', async () => {
  const [a, b] = [memoryFile('a', Uint8Array.of(1, 2)), memoryFile('b', Uint8Array.of(3))];
  const hash = await contentHash([a, b]);
  // The platform's own SHA-256 is the same, and the files are told as they are read.
  const told: LoadProgress[] = [];
  const create = () => createHash('sha256');
  expect(await contentHash([a, b], { create, onProgress: (seen) => told.push(seen) })).toBe(hash);
  expect(told.at(-1)).toEqual({ done: 3, total: 3, counted: 'bytes' });
  expect(await contentHash([b, a])).toBe(hash);
  expect(await contentHash([a, memoryFile('c', Uint8Array.of(3))])).not.toBe(hash);
  expect(await contentHash([memoryFile('a', Uint8Array.of(1, 3)), b])).not.toBe(hash);
});
