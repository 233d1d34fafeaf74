import { gzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { memoryFile } from '../../../../src/lab/data/data-file';
import { encodeSafetensors } from '../../../../src/lab/nn/safetensors';
import { LetheError } from '../../../../src/lab/settings';
import { caseFiles, readAll } from '../../../support/cases';
import { idxFile, npyFile as npy, ramp } from '../../../support/data-files';

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
    /"x_train" holds numbers from 0 to 1: store the images as uint8/,
  );
  expect(await refused({ 'x_train.npy': keras['x_train.npy'] })).toMatch(/its arrays are x_train, but/);
  expect(
    await refused({ 'x_train.npy': keras['x_train.npy'], 'y_train.npy': npy(ramp(12), [4, 3]) }),
  ).toMatch(/"y_train" has the shape \[4,3\], but 4 images need one label each/);
});

test('.npz and .safetensors: images of true and false are refused, labels of them are read', async () => {
  const bits = Uint8Array.of(0, 1, 1, 0, 1, 1, 0, 0);
  const truths = npy(Uint8Array.of(1, 0), [2], '|b1');
  const levels = { 'images.npy': npy(bits, [2, 2, 2]), 'labels.npy': truths };
  expect([...(await readAll([memoryFile('a.npz', zipSync(levels))])).train.labels]).toEqual([1, 0]);
  const masks = { ...levels, 'images.npy': npy(bits, [2, 2, 2], '|b1') };
  await expect(readAll([memoryFile('a.npz', zipSync(masks))])).rejects.toThrow(
    /"images" holds true and false: store the images as uint8/,
  );
  for (const name of ['images', 'test_images']) {
    const image = { shape: [2, 2, 2, 1], data: bits };
    const labels = { shape: [2], data: Int32Array.of(0, 1) };
    const file = encodeSafetensors({ images: image, labels, test_images: image, test_labels: labels });
    const from = Buffer.from(`"${name}":{"dtype":"U8","shape":[2,2,2,1]`);
    const at = Buffer.from(file).indexOf(from);
    expect(at).toBeGreaterThan(0);
    // A dimension of one less makes room for the longer name.
    file.set(Buffer.from(`"${name}":{"dtype":"BOOL","shape":[2,2,2]`), at);
    await expect(readAll([memoryFile('a.safetensors', file)])).rejects.toThrow(
      new RegExp(`"${name}" holds true and false: store the images as U8`),
    );
  }
});

/** Labels 0, 1, … */
const upTo = (count: number) => npy(ramp(count), [count]);

test('.npz: parts, images and labels are told by words, also by those of the folder or .npz around them', async () => {
  const pair = (count: number) => ({
    'images.npy': npy(ramp(4 * count), [count, 2, 2]),
    'labels.npy': upTo(count),
  });
  const inFolder = (folder: string, count: number) =>
    Object.entries(pair(count)).map(([name, bytes]) => memoryFile(`${folder}/${name}`, bytes));
  const zips = [memoryFile('train.npz', zipSync(pair(3))), memoryFile('test.npz', zipSync(pair(2)))];
  for (const files of [[...inFolder('test', 2), ...inFolder('train', 3)], zips]) {
    const { train, test: held, said } = await readAll(files);
    expect([train.count, held.count]).toEqual([3, 2]);
    expect(said).toContain('columns train/images, train/labels, test/images and test/labels');
  }
  const camel = { 'trainX.npy': pair(3)['images.npy'], 'trainY.npy': upTo(3), 'latest.npy': upTo(3) };
  expect((await readAll([memoryFile('a.npz', zipSync(camel))])).said).toContain(
    'columns trainX and trainY; left out: 1 array (latest)',
  );
});

test('.npz: masks and names are neither images nor labels, and of two lists of labels one is chosen', async () => {
  const arrays = {
    'image_masks.npy': npy(new Uint8Array(12), [3, 2, 2]),
    'class_names.npy': upTo(3),
    'coarse_labels.npy': npy(Uint8Array.of(0, 0, 1), [3]),
    'fine_labels.npy': upTo(3),
    'images.npy': npy(ramp(12), [3, 2, 2]),
  };
  const files = [memoryFile('a.npz', zipSync(arrays))];
  const fine = await readAll(files);
  expect([...fine.train.images.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
  expect(fine.classes).toEqual(['0', '1', '2']);
  expect(fine.said).toContain('The classes are those of fine_labels; coarse_labels can be chosen instead');
  const coarse = await readAll(files, { labelColumn: 'coarse_labels' });
  expect([...coarse.train.labels]).toEqual([0, 0, 1]);
});

test('.npz: floats that are whole levels are read, an array of texts is named', async () => {
  const levels = npy(new Uint8Array(Float32Array.of(0, 255, 7, 128).buffer), [1, 2, 2], '<f4');
  const whole = { 'x_train.npy': levels, 'y_train.npy': upTo(1) };
  const one = await readAll([memoryFile('a.npz', zipSync(whole))]);
  expect([...one.train.images]).toEqual([0, 255, 7, 128]);
  expect(one.said).toContain('0 to test on, 1 classes. Split: none in the files, and no class has the six');
  const texts = { ...whole, 'y_train.npy': npy(new Uint8Array(4), [1], '<U1') };
  await expect(readAll([memoryFile('a.npz', zipSync(texts))])).rejects.toThrow(
    /"y_train" holds texts and no numbers/,
  );
});

test('arrays: a class without training images is named, as class 0 where labels count from 1', async () => {
  const labels = npy(Uint8Array.of(1, 2, 4), [3]);
  const { said } = await readAll([
    memoryFile('a.npz', zipSync({ 'x_train.npy': npy(ramp(12), [3, 2, 2]), 'y_train.npy': labels })),
  ]);
  expect(said).toContain('No training image is of the classes 0 and 3.');
});

test('.safetensors: tensors beside the images, and classes without any, are said', async () => {
  const image = { shape: [2, 1, 1, 1], data: Uint8Array.of(1, 2) };
  const labels = { shape: [2], data: Int32Array.of(1, 2) };
  const file = encodeSafetensors({ images: image, labels, val_images: image, val_labels: labels });
  expect((await readAll([memoryFile('a.safetensors', file)])).said).toMatch(
    /left out: 2 tensors \(val_\w+, val_\w+\)\. No training image is of the class 0\.$/,
  );
});

test('IDX: what torchvision leaves packed beside the unpacked files is not read twice; colours are read', async () => {
  const plain = ['train', 't10k'].flatMap((part, i) => [
    memoryFile(`MNIST/raw/${part}-images-idx3-ubyte`, idxFile(ramp(4 * (3 - i)), [3 - i, 2, 2])),
    memoryFile(`MNIST/raw/${part}-labels-idx1-ubyte`, idxFile(ramp(3 - i), [3 - i])),
  ]);
  const packed = await Promise.all(
    plain.map(async ({ path, content }) =>
      memoryFile(`${path}.gz`, gzipSync(new Uint8Array(await content.slice(0, content.byteLength)))),
    ),
  );
  const both = await readAll([...plain, ...packed]);
  expect([both.train.count, both.test.count]).toEqual([3, 2]);
  expect(both.said).toContain('left out: 4 packed files (they lie unpacked beside them)');
  // The same labels, but other images.
  const others = ['train', 't10k'].flatMap((part, i) => [
    memoryFile(`KMNIST/raw/${part}-images-idx3-ubyte`, idxFile(new Uint8Array(4 * (3 - i)), [3 - i, 2, 2])),
    { ...plain[2 * i + 1]!, path: `KMNIST/raw/${part}-labels-idx1-ubyte` },
  ]);
  await expect(readAll([...plain, ...others])).rejects.toThrow(
    /KMNIST\/raw\/train-images.* or belong to two data sets/,
  );
  const colours = await readAll([
    memoryFile('train-images-idx4-ubyte', idxFile(ramp(24), [2, 2, 2, 3])),
    memoryFile('train-labels-idx1-ubyte', idxFile(ramp(2), [2])),
  ]);
  expect(colours.shape).toEqual([2, 2, 3]);
});

test('IDX: copies are read once, as in Kaggle’s archive of MNIST', async () => {
  const part = (name: string, count: number) => ({
    [`${name}-images.idx3-ubyte`]: idxFile(ramp(4 * count), [count, 2, 2]),
    [`${name}-labels.idx1-ubyte`]: idxFile(ramp(count), [count]),
  });
  const once = { ...part('train', 5), ...part('t10k', 3) };
  const inFolder = (name: string) => `${name.replace('.', '-')}/${name.replace('.', '-')}`;
  const copies = Object.entries(once).map(([name, bytes]) => [inFolder(name), bytes] as const);
  const alone = await readAll([memoryFile('a.zip', zipSync(once))]);
  // Those in folders come first, and have no labels beside them.
  const twice = await readAll([memoryFile('a.zip', zipSync({ ...Object.fromEntries(copies), ...once }))]);
  expect([twice.train, twice.test]).toEqual([alone.train, alone.test]);
  expect(twice.said).toContain('left out: 4 copies (the same files lie beside them)');
  const two = [
    ...Object.entries(once).map(([name, bytes]) => memoryFile(`a/${name}`, bytes)),
    ...Object.entries(once).map(([name, bytes]) => memoryFile(`b/${name}`, bytes)),
  ];
  expect((await readAll(two)).said).toContain('left out: 4 copies');
  const inSplits = ['train', 'test'].flatMap((folder) => [
    memoryFile(`${folder}/images-idx3-ubyte`, idxFile(ramp(12), [3, 2, 2])),
    memoryFile(`${folder}/labels-idx1-ubyte`, idxFile(ramp(3), [3])),
  ]);
  expect((await readAll(inSplits)).test.count).toBe(3);
  const relabelled = memoryFile('b/train-labels.idx1-ubyte', idxFile(new Uint8Array(5), [5]));
  await expect(readAll([...two.filter(({ path }) => path !== relabelled.path), relabelled])).rejects.toThrow(
    /b\/train-images.idx3-ubyte may both be for training, or belong to two data sets/,
  );
});
