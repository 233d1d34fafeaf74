import { gzipSync, strToU8, zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { expect, test } from 'vitest';
import { type DataFile, memoryFile } from '../../../../src/lab/data/data-file';
import { unpackedLimit } from '../../../../src/lab/ranges';
import { LetheError } from '../../../../src/lab/settings';
import { caseFiles, readAll } from '../../../support/cases';
import { cifarPickle, idxFile, npyFile as npy, png, ramp } from '../../../support/data-files';

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

test('CIFAR-10 for Python: a missing batch is named', async () => {
  const files = [1, 2, 4].map((i) =>
    memoryFile(`cifar-10-batches-py/data_batch_${i}`, cifarPickle(ramp(3072), [0])),
  );
  expect((await readAll(files)).said).toContain(
    'Of the 5 files cifar-10-batches-py/data_batch_… only 3 are there.',
  );
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
  expect(said).toContain('left out: 1 image in test (without labels)');
});

const listed = (folders: Record<string, Uint8Array>) =>
  Object.entries(folders).map(([path, bytes]) => memoryFile(path, bytes));
const petFolders = Object.fromEntries(pets.map(({ name, data }) => [name, data]));

test('folders of images: an array or table beside them is left out, of a lone archive the rest is', async () => {
  const stray = { 'pets/mean.npy': npy(ramp(3), [3]), 'pets/meta.parquet': strToU8('PAR1') };
  const beside = await readAll(listed({ ...petFolders, ...stray }));
  expect([beside.train.count, beside.said]).toEqual([10, expect.stringContaining('left out: 2 other files')]);
  const archive = zipSync(petFolders);
  const { train, said } = await readAll(listed({ 'x/pets.zip': archive, 'x/README.md': strToU8('#') }));
  expect([train.count, said]).toEqual([10, expect.stringContaining('1 other file (no part of')]);
  await expect(readAll(listed({ 'train.zip': archive, 'test.zip': archive }))).rejects.toThrow(
    /holds 2 archives \(train.zip, test.zip\), which are opened one at a time/,
  );
});

test('zip: names from any folder, one file of each path; packed otherwise or locked, it says so', async () => {
  const folder = await readAll(listed(petFolders));
  for (const above of ['./', '/', '../', '.\\', '']) {
    const named = Object.fromEntries(pets.map(({ name, data }) => [`${above}${name}`, data]));
    expect((await readAll([memoryFile('a.zip', zipSync(named))])).train).toEqual(folder.train);
  }
  const again = { ...petFolders, 'Pets/cat/0.png': petFolders['pets/cat/0.png']! };
  const text = (bytes: Uint8Array, from: string, to: string) =>
    Uint8Array.from(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1'));
  const twice = text(zipSync(again), 'Pets/', 'pets/');
  expect((await readAll([memoryFile('a.zip', twice)])).train.count).toBe(10);
  /** Sets a field of every header in a zip: at `local` and, in the directory, two bytes further. */
  const changed = (local: number, value: number) => {
    const bytes = zipSync(petFolders, { level: 0 });
    for (let at = 0; at + 4 < bytes.length; at++)
      if (bytes[at] === 0x50 && bytes[at + 1] === 0x4b && [1, 3].includes(bytes[at + 2]!))
        bytes[at + local + (bytes[at + 2] === 1 ? 2 : 0)] = value;
    return readAll([memoryFile('a.zip', bytes)]);
  };
  await expect(changed(8, 12)).rejects.toThrow(/pets\/.*png in a.zip is packed in a way that is not read/);
  await expect(changed(6, 1)).rejects.toThrow(/a.zip is locked with a password/);
});

test('zip: a changed byte of an image is damage, and not another image', async () => {
  for (const level of [0, 6] as const) {
    const bytes = zipSync(petFolders, { level });
    const at = Buffer.from(bytes).indexOf('pets/dog/2.png') + 'pets/dog/2.png'.length + 60;
    bytes[at] = bytes[at]! ^ 1;
    await expect(readAll([memoryFile('a.zip', bytes)])).rejects.toThrow(
      /pets\/dog\/2.png in a.zip is damaged or cut off/,
    );
  }
  const bytes = zipSync(
    { 'images.npy': npy(ramp(8), [2, 2, 2]), 'labels.npy': npy(ramp(2), [2]) },
    { level: 0 },
  );
  const at = Buffer.from(bytes).indexOf(ramp(8));
  bytes[at] = 9;
  await expect(readAll([memoryFile('a.npz', bytes)])).rejects.toThrow(/images.npy in a.npz is damaged/);
});

test('archives: what a NAS or a system puts beside the images is no class; one without files says so', async () => {
  const litter = ['@eaDir/0.png', 'cat/@eaDir/1.png/thumb.png', '#recycle/2.png', '$RECYCLE.BIN/3.png'];
  const added = Object.fromEntries(litter.map((path, i) => [`pets/${path}`, png(90 + i, 9)]));
  const {
    classes,
    train,
    test: held,
  } = await readAll([memoryFile('a.zip', zipSync({ ...petFolders, ...added }))]);
  expect([classes, train.count + held.count]).toEqual([['cat', 'dog'], 12]);
  await expect(readAll([memoryFile('a.zip', zipSync({}))])).rejects.toThrow(/holds no files/);
});

/** A tar of links to files that are in it, or are not. */
const linkTar = (kind: '1' | '2', path: string, target: string) => {
  const header = new Uint8Array(createTar([{ name: path, data: new Uint8Array(0) }])).slice(0, 512);
  header[156] = kind.charCodeAt(0);
  header.set(strToU8(target), 157);
  header.set(strToU8('        '), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(strToU8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return Uint8Array.from([...header, ...tarred]);
};

test('tar: links are the files that they point to, and gzip of something else is no damaged tar', async () => {
  for (const bytes of [
    linkTar('1', 'pets/cat/link.png', 'pets/cat/0.png'),
    linkTar('2', 'pets/cat/link.png', '../dog/0.png'),
  ])
    expect((await readAll([memoryFile('pets.tar', bytes)])).train.count).toBe(11);
  await expect(readAll([memoryFile('pets.tar', linkTar('2', 'pets/cat/link.png', '9.png'))])).rejects.toThrow(
    /pets\/cat\/link.png in pets.tar is a link to a file that is not there/,
  );
  const again = Uint8Array.from([...tarred.slice(0, 1024), ...tarred]);
  expect((await readAll([memoryFile('pets.tar', again)])).train.count).toBe(10);
  const images = gzipSync(idxFile(ramp(8), [2, 2, 2]));
  await expect(readAll([memoryFile('train-images-idx3-ubyte.gz', images)])).rejects.toThrow(
    /holds images; the file with their labels is not beside it/,
  );
  await expect(readAll([memoryFile('a.csv.gz', gzipSync(strToU8('a,b\n')))])).rejects.toThrow(
    /packed with gzip, but what is in it is no tar/,
  );
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
