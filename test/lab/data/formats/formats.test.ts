import { gzipSync, zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { describe, expect, test } from 'vitest';
import { type DataFile, memoryFile } from '../../../../src/lab/data/data-file';
import { decodeInJs } from '../../../../src/lab/data/decode/decode-js';
import { fileFormats } from '../../../../src/lab/data/formats';
import {
  adviceFor,
  adviceForName,
  dialogExtensions,
  mayHoldImages,
  readableListed,
  recogniseFiles,
  severalListed,
} from '../../../../src/lab/data/formats/recognise';
import { refusedFormats } from '../../../../src/lab/data/formats/refused';
import { collectStream } from '../../../../src/lab/data/image-stream';
import { openFiles } from '../../../../src/lab/data/open';
import { encodeSafetensors } from '../../../../src/lab/nn/safetensors';
import { matFile, parquetFile, png } from '../../../support/data-files';

const COUNT = 12;
const numbers = Array.from({ length: COUNT }, (_, i) => i);
const folderOfImages = Object.fromEntries(
  numbers.map((i) => [`set/${i % 2 ? 'cat' : 'dog'}/${i}.png`, png(i, 4)]),
);
const tensors = (names: [string, string]) =>
  encodeSafetensors({
    [names[0]]: { shape: [COUNT, 4, 4, 1], data: new Uint8Array(16 * COUNT) },
    [names[1]]: { shape: [COUNT], data: Int32Array.from(numbers, (i) => i % 2) },
  });

/** A small data set of twelve images in every format, by its id. A new format gets a line here. */
const SAMPLES: Record<string, Record<string, Uint8Array>> = {
  parquet: {
    'train.parquet': parquetFile(
      numbers.map((i) => png(i, 4)),
      numbers.map((i) => i % 2),
    ),
  },
  'cifar-binary': { 'data_batch_1.bin': new Uint8Array(3073 * COUNT) },
  'svhn-mat': {
    'train_32x32.mat': matFile([
      { name: 'X', dims: [4, 4, 3, COUNT], data: new Uint8Array(48 * COUNT) },
      { name: 'y', dims: [COUNT, 1], data: Uint8Array.from(numbers, (i) => 1 + (i % 2)) },
    ]),
  },
  'image-folder': folderOfImages,
  safetensors: { 'set.safetensors': tensors(['images', 'labels']) },
  zip: { 'set.zip': zipSync(folderOfImages) },
  'tar-gzip': {
    'set.tar.gz': gzipSync(
      new Uint8Array(createTar(Object.entries(folderOfImages).map(([name, data]) => ({ name, data })))),
    ),
  },
};

const filesOf = (sample: Record<string, Uint8Array>) =>
  Object.entries(sample).map(([path, bytes]) => memoryFile(path, bytes));
const startOfSample = (id: string) => Object.values(SAMPLES[id] ?? {})[0]!.subarray(0, 512);
/** In the same folders, under names that tell nothing. */
const nameless = (files: DataFile[]) =>
  files.map((file, i) => ({ ...file, path: file.path.replace(/[^/]+$/, `file ${i}`) }));

test('file formats: every one has a sample here', () => {
  expect(Object.keys(SAMPLES)).toEqual(fileFormats.entries.map(({ id }) => id));
});

describe.each(fileFormats.entries)('the file format $id', (format) => {
  const files = filesOf(SAMPLES[format.id] ?? {});

  test('opens its sample', async () => {
    const stream = await openFiles(files, 'mine', decodeInJs);
    expect(stream.count).toBe(COUNT);
    const { train, test } = await collectStream(stream, 'mine');
    expect(train.count + test.count).toBe(COUNT);
  });

  test('is found, with all its files', async () => {
    expect(await recogniseFiles(files)).toEqual({ format, files });
  });

  test('is found by content alone, unless it has no mark of its own', async () => {
    const unnamed = nameless(files);
    if (!format.recognises) {
      expect(await recogniseFiles(unnamed)).toBeUndefined();
      return;
    }
    expect(await recogniseFiles(unnamed)).toEqual({ format, files: unnamed });
    expect((await openFiles(unnamed, 'mine', decodeInJs)).count).toBe(COUNT);
  });

  test('is alone in knowing its sample, by name as by content', () => {
    const paths = files.map(({ path }) => path);
    const byName = fileFormats.entries.filter(({ filesOf }) => filesOf(paths).length > 0);
    expect(byName).toEqual([format]);
    const byContent = fileFormats.entries.filter(({ recognises }) => recognises?.(startOfSample(format.id)));
    expect(byContent).toEqual(format.recognises ? [format] : []);
    const refused = refusedFormats.filter(({ recognises }) => recognises?.(startOfSample(format.id)));
    expect(refused).toEqual([]);
  });

  test('stands in the sentences, the drop filter and the file dialog', async () => {
    expect(readableListed()).toContain(format.listed);
    for (const file of files) expect(await mayHoldImages(file)).toBe(true);
    const isFolder = format.kind === 'dataset' && format.files === 'folder';
    const isSeveral = format.kind === 'dataset' && format.files === 'several';
    for (const ending of format.extensions)
      expect(dialogExtensions().includes(`.${ending.split('.').at(-1)}`)).toBe(!isFolder);
    expect(severalListed().includes(format.listed)).toBe(isSeveral);
  });
});

test('file formats: of a folder the names decide, and other files in it are left out', async () => {
  const files = filesOf({ 'set/README.md': Uint8Array.of(1), ...SAMPLES.parquet, ...folderOfImages });
  const found = await recogniseFiles(files);
  expect([found!.format.id, found!.files.map(({ path }) => path)]).toEqual(['parquet', ['train.parquet']]);
});

test('file formats: one file is what it holds, whatever it is called', async () => {
  const misnamed = memoryFile('train.mat', SAMPLES.parquet!['train.parquet']!);
  expect((await recogniseFiles([misnamed]))!.format.id).toBe('parquet');
});

test('mayHoldImages: false for a .safetensors without images and labels', async () => {
  expect(await mayHoldImages(memoryFile('a.safetensors', tensors(['conv1.weight', 'fc.bias'])))).toBe(false);
  for (const length of [0, 7, 8, 20]) {
    const cut = tensors(['images', 'labels']).subarray(0, length);
    expect(await mayHoldImages(memoryFile('a.safetensors', cut))).toBe(false);
  }
});

test('mayHoldImages: false for files of other kinds', async () => {
  for (const name of ['study.json', 'notes.txt', 'indices.npy'])
    expect(await mayHoldImages(memoryFile(name, Uint8Array.of(1)))).toBe(false);
});

const text = (letters: string) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));

test.each<[id: string, name: string, start?: Uint8Array]>([
  ['cifar-python', 'cifar-10-batches-py/data_batch_1', Uint8Array.of(0x80, 2)],
  ['numpy', 'images.npy', text('\x93NUMPY\x01\x00')],
  ['numpy', 'images.npz'],
  ['hdf5', 'images.h5', text('\x89HDF\r\n\x1a\n')],
  ['hdf5', 'images.hdf5'],
  ['pickle', 'data.pkl', Uint8Array.of(0x80, 4, 0x95)],
  ['pickle', 'data.pt'],
])('the refused format %s: %s gets its advice', async (id, name, start) => {
  const { advice, recognises } = refusedFormats.find((format) => format.id === id)!;
  expect(adviceForName(name)).toBe(advice);
  expect(await recogniseFiles([memoryFile(name, start ?? Uint8Array.of(1))])).toBeUndefined();
  await expect(openFiles([memoryFile(name, Uint8Array.of(1))], 'mine', decodeInJs)).rejects.toThrow(
    `mine: ${advice}`,
  );
  if (start && recognises) expect(await adviceFor([memoryFile('a', start)])).toBe(advice);
});

test('openFiles: a pickle called .safetensors gets the advice for a pickle', async () => {
  const file = memoryFile('set.safetensors', Uint8Array.from([0x80, 2, ...new Array(99).fill(7)]));
  await expect(openFiles([file], 'mine', decodeInJs)).rejects.toThrow(/pickles can run code .*save_file/);
});
