import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeOnThread } from '../../../../src/cli/decode-sharp';
import { type DataFile, memoryFile } from '../../../../src/lab/data/data-file';
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
import { COUNT, folderOfImages, SAMPLES, tensors, text } from '../../../support/format-samples';

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
    const stream = await openFiles(files, 'mine', decodeOnThread);
    expect(stream.count).toBe(COUNT);
    const { train, test } = await collectStream(stream, 'mine');
    expect(train.count + test.count).toBe(COUNT);
  });

  test('is found, with all its files', async () => {
    expect(await recogniseFiles(files)).toEqual([{ format, files }]);
  });

  test('is found by content alone, unless it has no mark of its own', async () => {
    const unnamed = nameless(files);
    if (!format.recognises) {
      // As what it holds, for Tiny-ImageNet's images lie in folders too.
      expect((await recogniseFiles(unnamed))[0]?.format).not.toBe(format);
      return;
    }
    expect(await recogniseFiles(unnamed)).toEqual([{ format, files: unnamed }]);
    expect((await openFiles(unnamed, 'mine', decodeOnThread)).count).toBe(COUNT);
  });

  test('is alone in knowing its sample, by name as by content', () => {
    const paths = files.map(({ path }) => path);
    const byName = fileFormats.entries.filter(({ filesOf }) => filesOf(paths).length > 0);
    // Tiny-ImageNet is folders of images, and read first.
    expect(byName).toEqual(
      format.id === 'tiny-imagenet' ? [format, fileFormats.get('image-folder')] : [format],
    );
    const byContent = fileFormats.entries.filter(({ recognises }) => recognises?.(startOfSample(format.id)));
    if (format.id !== 'tiny-imagenet') expect(byContent).toEqual(format.recognises ? [format] : []);
    const refused = refusedFormats.filter(({ recognises }) => recognises?.(startOfSample(format.id)));
    expect(refused).toEqual([]);
  });

  test('stands in the sentences, the drop filter and the file dialog', async () => {
    expect(readableListed()).toContain(format.listed);
    // A list of labels alone is no data set.
    const telling = files.filter(({ path }) => path !== 'labels.npy' && !path.endsWith('.txt'));
    for (const file of telling) expect(await mayHoldImages(file)).toBe(true);
    const isFolder = format.kind === 'dataset' && format.files === 'folder';
    const isSeveral = format.kind === 'dataset' && format.files === 'several';
    for (const ending of format.extensions)
      expect(dialogExtensions().includes(`.${ending.split('.').at(-1)}`)).toBe(!isFolder);
    expect(severalListed().includes(format.listed)).toBe(isSeveral);
  });
});

test('file formats: of a folder the names decide, and other files in it are left out', async () => {
  const files = filesOf({ 'set/README.md': Uint8Array.of(1), ...SAMPLES.parquet, ...folderOfImages });
  const [found] = await recogniseFiles(files);
  expect([found!.format.id, found!.files.map(({ path }) => path)]).toEqual(['parquet', ['train.parquet']]);
});

test('file formats: one file is what it holds, whatever it is called', async () => {
  const misnamed = memoryFile('train.mat', SAMPLES.parquet!['train.parquet']!);
  expect((await recogniseFiles([misnamed]))[0]!.format.id).toBe('parquet');
});

test('mayHoldImages: false for a .safetensors without images and labels', async () => {
  expect(await mayHoldImages(memoryFile('a.safetensors', tensors(['conv1.weight', 'fc.bias'])))).toBe(false);
  for (const length of [0, 7, 8, 20]) {
    const cut = tensors(['images', 'labels']).subarray(0, length);
    expect(await mayHoldImages(memoryFile('a.safetensors', cut))).toBe(false);
  }
});

test('mayHoldImages: false for weights whose names end as data sets do', async () => {
  const read = (name: string) => new Uint8Array(readFileSync(`test/cases/checkpoints/${name}`));
  const [zip, legacy] = [read('checkpoint.pth.tar'), read('legacy.pt')];
  const weights = tensors(['conv1.weight', 'fc.bias']);
  for (const content of [zip, legacy, weights, Uint8Array.of(0x80, 4, 0x95)])
    for (const name of ['checkpoint.pth.tar', 'pytorch_model.bin', 'train.bin', 'model.tar', 'model.zip'])
      expect(await mayHoldImages(memoryFile(name, content)), name).toBe(false);
});

test('mayHoldImages: false for files of other kinds', async () => {
  for (const name of ['study.json', 'notes.txt', 'indices.npy'])
    expect(await mayHoldImages(memoryFile(name, Uint8Array.of(1)))).toBe(false);
});

test.each<[id: string, name: string, start?: Uint8Array]>([
  ['hdf5', 'images.h5', text('\x89HDF\r\n\x1a\n')],
  ['hdf5', 'images.hdf5'],
  ['pickle', 'data.pkl', Uint8Array.of(0x80, 4, 0x95)],
  ['pickle', 'data.pt'],
])('the refused format %s: %s gets its advice', async (id, name, start) => {
  const { advice, recognises } = refusedFormats.find((format) => format.id === id)!;
  expect(adviceForName(name)).toBe(advice);
  expect(await recogniseFiles([memoryFile(name, start ?? Uint8Array.of(1))])).toEqual([]);
  await expect(openFiles([memoryFile(name, Uint8Array.of(1))], 'mine', decodeOnThread)).rejects.toThrow(
    `mine: ${advice}`,
  );
  if (start && recognises) expect(await adviceFor([memoryFile('a', start)])).toBe(advice);
});

test('openFiles: a pickle called .safetensors gets the advice for a pickle', async () => {
  const file = memoryFile('set.safetensors', Uint8Array.from([0x80, 2, ...new Array(99).fill(7)]));
  await expect(openFiles([file], 'mine', decodeOnThread)).rejects.toThrow(/pickles can run code .*save_file/);
});
