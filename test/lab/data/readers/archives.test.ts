import { gzipSync, strToU8, zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { expect, test } from 'vitest';
import { type DataFile, memoryFile } from '../../../../src/lab/data/data-file';
import { unpackedLimit } from '../../../../src/lab/ranges';
import { LetheError } from '../../../../src/lab/settings';
import { caseFiles, readAll } from '../../../support/cases';
import { cifarPickle, npyFile as npy, png } from '../../../support/data-files';

test('CIFAR-10 for Python: torchvision’s archive, 40 and 8 images', async () => {
  const {
    train,
    test: held,
    classes,
    shape,
    said,
  } = await readAll(caseFiles('archives/cifar-10-python.tar.gz'));
  expect([train.count, held.count, shape]).toEqual([40, 8, [32, 32, 3]]);
  expect(classes.length).toBeGreaterThan(1);
  expect(classes).not.toContain('0');
  expect(said).toContain('columns data and labels');
  expect([...train.labels.subarray(0, 8)]).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
});

test('CIFAR-100 for Python: known by its folder or by what it holds', async () => {
  const pixels = (count: number) => Uint8Array.from({ length: 3072 * count }, (_, i) => i % 253);
  const files = (folder: string) => [
    memoryFile(`${folder}/train`, cifarPickle(pixels(3), [0, 2, 1], 'fine_labels')),
    memoryFile(`${folder}/test`, cifarPickle(pixels(1), [2], 'fine_labels')),
  ];
  const { train, test: held, said } = await readAll(files('cifar-100-python'));
  expect([[...train.labels], [...held.labels]]).toEqual([[0, 2, 1], [2]]);
  // Red, green and blue of the first pixel lie a plane apart.
  expect([...train.images.subarray(0, 3)]).toEqual([0, 1024 % 253, 2048 % 253]);
  expect(said).toContain('columns data and fine_labels');
  await expect(readAll(files('cifar-100-python'), { labelColumn: 'coarse_labels' })).rejects.toThrow(
    /has no labels "coarse_labels"; there are fine_labels/,
  );
  expect((await readAll(files('other'))).train).toEqual(train);
});

test('MNIST’s IDX files: packed or not, 36 and 12 grey images', async () => {
  const files = caseFiles('archives/idx');
  const { train, test: held, shape, classes } = await readAll(files);
  expect([train.count, held.count, shape[2]]).toEqual([36, 12, 1]);
  expect(classes.length).toBeGreaterThan(1);
  const { gunzipSync } = await import('fflate');
  const plain = await Promise.all(
    files.map(async ({ path, content }) =>
      memoryFile(
        path.replace('.gz', ''),
        gunzipSync(new Uint8Array(await content.slice(0, content.byteLength))),
      ),
    ),
  );
  expect((await readAll(plain)).train).toEqual(train);
  const bytes = new Uint8Array(await plain[1]!.content.slice(0, plain[1]!.content.byteLength));
  await expect(readAll(files.slice(0, 1))).rejects.toThrow(LetheError);
  for (const cut of [3, 9, bytes.length - 1])
    await expect(
      readAll([...plain.filter((_, i) => i !== 1), memoryFile(plain[1]!.path, bytes.slice(0, cut))]),
    ).rejects.toThrow(/is damaged, cut off, or no IDX file/);
});

test('MedMNIST’s .npz: 30 and 12 images, `val` left out and said', async () => {
  const { train, test: held, shape, said } = await readAll(caseFiles('archives/medmnist.npz'));
  expect([train.count, held.count, shape]).toEqual([30, 12, [28, 28, 3]]);
  expect(said).toContain('left out: 2 arrays (val_images, val_labels)');
  expect(said).toContain('columns train_images, train_labels, test_images and test_labels');
});

const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);

test('.npz: Keras’ names, channels first, and what is refused', async () => {
  const labels = npy(Uint8Array.of(0, 1, 0, 1), [4]);
  const keras = { 'x_train.npy': npy(ramp(4 * 27), [4, 3, 3, 3]), 'y_train.npy': labels };
  const tests = { 'x_test.npy': npy(ramp(27), [1, 3, 3, 3]), 'y_test.npy': npy(Uint8Array.of(1), [1, 1]) };
  const both = await readAll([memoryFile('k.npz', zipSync({ ...keras, ...tests }))]);
  expect([both.train.count, both.test.count]).toEqual([4, 1]);
  const first = await readAll([
    memoryFile('images.npy', npy(ramp(6 * 3 * 4), [6, 3, 2, 2])),
    memoryFile('labels.npy', npy(Uint8Array.of(0, 0, 0, 0, 0, 0), [6])),
  ]);
  expect(first.shape).toEqual([2, 2, 3]);
  expect([...first.train.images.subarray(0, 6)]).toEqual([0, 4, 8, 1, 5, 9]);
  const refused = async (arrays: Record<string, Uint8Array>) =>
    readAll([memoryFile('a.npz', zipSync(arrays))]).catch((error: Error) => error.message);
  const floats = npy(new Uint8Array(Float32Array.of(0.5, 1, 0, 0).buffer), [1, 2, 2], '<f4');
  expect(await refused({ 'x_train.npy': floats, 'y_train.npy': npy(Uint8Array.of(1), [1]) })).toMatch(
    /"x_train" holds other numbers than whole ones from 0 to 255/,
  );
  expect(await refused({ 'x_train.npy': keras['x_train.npy'] })).toMatch(/its arrays are x_train, but/);
  expect(
    await refused({ 'x_train.npy': keras['x_train.npy'], 'y_train.npy': npy(ramp(12), [4, 3]) }),
  ).toMatch(/"y_train" has the shape \[4,3\], but 4 images need one label each/);
});

test('CIFAR-100 binary: two labels an image, the fine ones by default', async () => {
  const record = (coarse: number, fine: number) =>
    Uint8Array.from({ length: 3074 }, (_, i) => [coarse, fine][i] ?? i % 200);
  const file = (...records: Uint8Array[]) => Uint8Array.from(records.flatMap((each) => [...each]));
  const files = [
    memoryFile('cifar-100-binary/train.bin', file(record(0, 2), record(1, 1), record(1, 0))),
    memoryFile('cifar-100-binary/test.bin', file(record(0, 2))),
    memoryFile('cifar-100-binary/fine_label_names.txt', strToU8('apple\nbear\nclock\n')),
  ];
  const fine = await readAll(files);
  expect([...fine.train.labels]).toEqual([2, 1, 0]);
  expect(fine.classes).toEqual(['apple', 'bear', 'clock']);
  expect(fine.said).toContain('The classes are those of fine_labels; coarse_labels can be chosen');
  const coarse = await readAll(files, { labelColumn: 'coarse_labels' });
  expect([...coarse.train.labels]).toEqual([0, 1, 1]);
  await expect(readAll([memoryFile('train.bin', ramp(5000))])).rejects.toThrow(
    /CIFAR-100’s records|CIFAR-100's/,
  );
});

const pets = ['cat', 'dog'].flatMap((name, c) =>
  Array.from({ length: 6 }, (_, i) => ({ name: `pets/${name}/${i}.png`, data: png(c * 6 + i, 9) })),
);
const tarred = new Uint8Array(createTar(pets));

test('tar: packed or not; long names of GNU and pax; cut off', async () => {
  const folder = await readAll(pets.map(({ name, data }) => memoryFile(name, data)));
  expect((await readAll([memoryFile('pets.tar', tarred)])).train).toEqual(folder.train);
  expect((await readAll([memoryFile('pets.tgz', gzipSync(tarred))])).train).toEqual(folder.train);
  const cut = tarred.slice(0, tarred.lastIndexOf(1) - 100);
  for (const bytes of [cut, gzipSync(cut)])
    await expect(readAll([memoryFile('pets.tar', bytes)])).rejects.toThrow(/pets.tar is damaged or cut off/);
  // Also where it ends between two files.
  await expect(readAll([memoryFile('pets.tar', tarred.slice(0, 1024))])).rejects.toThrow(/cut off/);
});

test('Tiny-ImageNet: classes of `val` from its list, names from words.txt, `test` left out', async () => {
  const train = ['n02', 'n01'].flatMap((id, c) =>
    [0, 1].map((i) => memoryFile(`tiny/train/${id}/images/${id}_${i}.JPEG`, png(4 * c + i, 8))),
  );
  const files = [
    ...train,
    memoryFile('tiny/val/images/val_0.JPEG', png(9, 8)),
    memoryFile('tiny/val/val_annotations.txt', strToU8('val_0.JPEG\tn02\t0\t0\t8\t8\n')),
    memoryFile('tiny/test/images/test_0.JPEG', png(10, 8)),
    memoryFile('tiny/words.txt', strToU8('n01\tgoldfish, Carassius\nn02\tfire salamander\n')),
  ];
  const { classes, train: used, test: held, said } = await readAll(files);
  expect(classes).toEqual(['goldfish', 'fire salamander']);
  expect([used.count, held.count, held.labels[0]]).toEqual([4, 1, 1]);
  expect(said).toContain('left out: 1 images in test (they have no labels)');
});

const bomb = (bytes: number) => gzipSync(new Uint8Array(bytes), { level: 9 });

test('archives: what holds far more than its size is refused, by what it announces or while it is unpacked', async () => {
  const much = 300 * 2 ** 20;
  const packed = bomb(much);
  const isRefused = (bytes: Uint8Array) =>
    expect(readAll([memoryFile('bomb.tar.gz', bytes)])).rejects.toThrow(
      /bomb.tar.gz holds more than 268 MB, the most that is unpacked of an archive of its size/,
    );
  await isRefused(packed);
  // The header of the first file announces 6 GB: nothing behind it is waited for.
  const header = new Uint8Array(createTar([{ name: 'a/0.png', data: new Uint8Array(0) }])).slice(0, 512);
  header.set(strToU8('54532577000\0'), 124);
  header.set(strToU8('        '), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(strToU8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  await isRefused(gzipSync(header));
  const zip = zipSync({ 'a/0.png': [packed, { level: 0 }] });
  // Its directory announces 6 GB for a file of some bytes.
  const view = new DataView(zip.buffer, zip.byteOffset);
  const directory = zip.length - 22 - (46 + 'a/0.png'.length);
  view.setUint32(directory + 24, 0xfffffff0, true);
  await expect(readAll([memoryFile('bomb.zip', zip)])).rejects.toThrow(/bomb.zip holds more than/);
}, 60_000);

test('archives: archives in archives are opened, but not without end', async () => {
  const inner = zipSync(Object.fromEntries(pets.map(({ name, data }) => [name, data])));
  const wrap = (file: DataFile, bytes: Uint8Array, depth: number): [DataFile, Uint8Array] =>
    depth === 0
      ? [file, bytes]
      : (([next]) => wrap(memoryFile('x.zip', next!), next!, depth - 1))([zipSync({ 'x.zip': bytes })]);
  expect((await readAll([wrap(memoryFile('x.zip', inner), inner, 1)[0]])).train.count).toBe(10);
  await expect(readAll([wrap(memoryFile('x.zip', inner), inner, 4)[0]])).rejects.toThrow(
    /archives in archives in archives/,
  );
});

test('unpackedLimit: a hundred times the archive, and 268 MB for small ones', () => {
  expect([1, 2 ** 24].map(unpackedLimit)).toEqual([2 ** 28, 100 * 2 ** 24]);
});

test.each<[string, DataFile[], RegExp]>([
  ['a web page', [memoryFile('train.parquet', strToU8('<!DOCTYPE html><title>x'))], /web page \(HTML\)/],
  [
    'a Git LFS pointer',
    [memoryFile('a.parquet', strToU8('version https://git-lfs.github.com/spec/v1\noid'))],
    /Git LFS pointer/,
  ],
  [
    'pointers among the files of a folder',
    ['a/1.png', 'b/1.png'].map((path) =>
      memoryFile(path, strToU8('version https://git-lfs.github.com/spec/v1\n')),
    ),
    /a\/1.png: This is a Git LFS pointer/,
  ],
  ['HDF5', [memoryFile('x.npz', strToU8('\x89HDF\r\n\x1a\n', true))], /Arrays are read from .npz/],
  ['Arrow', [memoryFile('data-00000-of-00001.arrow', strToU8('\xff\xff\xff\xff', true))], /to_parquet/],
  ['Feather', [memoryFile('x', strToU8('ARROW1\0\0'))], /parquet files of the same columns are/],
  [
    'TFRecord',
    [memoryFile('x', Uint8Array.of(90, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0x0a, 5, 6, 7, 8))],
    /TFRecord/,
  ],
  ['ONNX', [memoryFile('x', Uint8Array.of(8, 7, 0x12, 7, 112, 121, 116))], /ONNX/],
  ['an index of shards', [memoryFile('x.index.json', strToU8('{"metadata": {}}'))], /only lists the files/],
  ['a download that has not ended', [memoryFile('train.parquet.crdownload', ramp(99))], /has not ended/],
  ['7z', [memoryFile('x.7z', ramp(99))], /unpack it/],
  ['an empty file', [memoryFile('a.parquet', new Uint8Array(0))], /This file is empty \(0 bytes\)/],
])('openFiles: says what %s is and what to do', async (_, files, message) => {
  await expect(readAll(files)).rejects.toThrow(message);
  await expect(readAll(files)).rejects.toThrow(LetheError);
});

test('a .mat that was cut is refused in a sentence', async () => {
  const [cut] = caseFiles('faults/mat-cut');
  await expect(readAll([cut!])).rejects.toThrow(LetheError);
  const bytes = new Uint8Array(await cut!.content.slice(0, cut!.content.byteLength));
  for (const length of [0, 1, 20, 59])
    await expect(readAll([memoryFile('train_32x32.mat', bytes.slice(0, length))])).rejects.toThrow(
      LetheError,
    );
});
