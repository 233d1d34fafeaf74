import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOfFolders } from '../../src/lab/data/folder-layout';
import { readIndexList } from '../../src/lab/forget/index-lists/recognise';
import { fromFileNames, fromTorchvision, type ImageOrder, type Numbering } from '../../src/lab/image-order';

function orderOf(paths: string[]): ImageOrder {
  const { images, asTorchvision } = layoutOfFolders(paths, 'mine');
  const names = (list: { path: string }[]) => list.map(({ path }) => path);
  return { train: names(images.train), test: names(images.test), torchvision: names(asTorchvision) };
}

const split = orderOf([
  ...['b/1.png', 'b/2.png', 'b/10.png', 'a/1.png', 'a/2.png'].map((path) => `train/${path}`),
  ...['b/3.png', 'a/9.png'].map((path) => `test/${path}`),
]);
/** Six of a class, of which one is held out. */
const whole = orderOf(['a', 'b'].flatMap((name) => [0, 1, 2, 3, 4, 5].map((i) => `${name}/${i}.png`)));

test('fromTorchvision: the same images in our order', () => {
  expect(split.torchvision).toEqual([
    'train/a/1.png',
    'train/a/2.png',
    'train/b/1.png',
    'train/b/10.png',
    'train/b/2.png',
  ]);
  expect(split.train).toEqual([
    'train/a/1.png',
    'train/b/1.png',
    'train/a/2.png',
    'train/b/10.png',
    'train/b/2.png',
  ]);
  expect(fromTorchvision(split, [0, 1, 2, 3, 4])).toEqual([0, 2, 1, 3, 4]);
  expect(() => fromTorchvision(split, [5])).toThrow(/5 is no image: .*numbered from 0 to 4/);
});

test('fromTorchvision: an image that is held out here is refused', () => {
  expect(() => fromTorchvision(whole, [5])).toThrow(
    /Image 5 in torchvision's order is a\/5.png, which is a test image/,
  );
  expect(whole.torchvision.length).toBe(12);
});

test('fromTorchvision: a list names the same files in both orders, whatever the tree', () => {
  const trees = fc.uniqueArray(
    fc.tuple(fc.constantFrom('a', 'b', 'Ä', 'a b', 'Z'), fc.stringMatching(/^[a-z0-9]{1,3}$/)),
    { minLength: 3, maxLength: 40, selector: (pair) => pair.join('/') },
  );
  fc.assert(
    fc.property(trees, (pairs) => {
      fc.pre(new Set(pairs.map(([name]) => name)).size > 1);
      const order = orderOf(pairs.map(([name, file]) => `${name}/${file}.png`));
      const tests = new Set(order.test);
      const listed = order.torchvision.flatMap((path, i) => (tests.has(path) ? [] : [i]));
      const ours = fromTorchvision(order, listed).map((number) => order.train[number]);
      expect(ours).toEqual(listed.map((i) => order.torchvision[i]));
    }),
  );
});

test('fromFileNames: with fewer or more folders, and slashes of Windows', () => {
  const names = ['train/a/1.png', 'a/2.png', '10.png', './b/1.png', 'C:\\data\\train\\b\\2.png'];
  expect(fromFileNames(split, names)).toEqual([0, 2, 3, 1, 4]);
  expect(() => fromFileNames(split, ['1.png'])).toThrow(
    /"1.png" may be "train\/a\/1.png" or "train\/b\/1.png"/,
  );
  expect(() => fromFileNames(split, ['c/1.png'])).toThrow(/"c\/1.png" is no training image/);
  expect(() => fromFileNames(split, ['test/a/9.png'])).toThrow(/"test\/a\/9.png" is a test image/);
});

test('fromFileNames: the folder around all images may be called otherwise, or be left out', () => {
  const packed = (paths: string[]) => paths.map((path) => `mine/pets/${path}`);
  const order = { ...split, train: packed(split.train), test: packed(split.test) };
  const names = [
    '/data/theirs/train/a/1.png',
    'train/b/1.png',
    'pets/train/a/2.png',
    'mine/pets/train/b/10.png',
  ];
  expect(fromFileNames(order, names)).toEqual([0, 1, 2, 3]);
  expect(() => fromFileNames(order, ['/data/theirs/test/a/9.png'])).toThrow(/is no training image/);
});

const list = (text: string, about: Partial<Numbering> = {}) =>
  readIndexList(new TextEncoder().encode(text), 'list', {
    count: 5,
    order: split,
    which: 'forget',
    ...about,
  });

test.each([
  ['["a/2.png", "b/10.png"]', [2, 3]],
  ['a/2.png\nb/10.png\n', [2, 3]],
  ['file,label\ntrain/a/2.png,0\ntrain/b/10.png,1\n', [2, 3]],
])('lists of names of files: %j', async (text, indices) => {
  const { indices: found, said } = await list(text);
  expect([...found]).toEqual(indices);
  expect(said).toMatch(/names of files/);
});

test('lists of images: numbers and masks in torchvision’s order', async () => {
  const torchvision = { torchvision: true };
  expect([...(await list('[1, 2]', torchvision)).indices]).toEqual([2, 1]);
  expect((await list('[1, 2]', torchvision)).said).toMatch(/torchvision/);
  expect([...(await list('[0, 1, 1, 0, 0]', torchvision)).indices]).toEqual([1, 2]);
  expect([...(await list('[1, 2]')).indices]).toEqual([1, 2]);
});

test('lists of images: one beyond those that are used is refused, in either order', async () => {
  await expect(list('["b/2.png"]', { count: 4 })).rejects.toThrow(
    /image 4 \(train\/b\/2.png\), but only the first 4 training images are used/,
  );
  await expect(list('[4]', { count: 4, torchvision: true })).rejects.toThrow(/only the first 4/);
  expect([...(await list('["b/10.png"]', { count: 4 })).indices]).toEqual([3]);
});

test('lists of names of files: refused where images are no files, and when one is named twice', async () => {
  await expect(list('["a/2.png"]', { order: undefined })).rejects.toThrow(/no files of their own/);
  await expect(list('["a/2.png", "train/a/2.png"]')).rejects.toThrow(
    /names an image twice: "train\/a\/2.png"/,
  );
});
