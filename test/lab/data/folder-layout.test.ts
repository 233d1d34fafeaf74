import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutOfFolders } from '../../../src/lab/data/folder-layout';
import { LetheError } from '../../../src/lab/settings';

/** `3 cat/train` stands for three images in that folder. */
function pathsOf(...folders: string[]): string[] {
  return folders.flatMap((entry) => {
    const [, count, folder] = /^(\d+) (.*)$/.exec(entry)!;
    return Array.from({ length: Number(count) }, (_, i) => `${folder}${folder === '' ? '' : '/'}${i}.png`);
  });
}

function summaryOf(...folders: string[]) {
  const { classes, images, notes } = layoutOfFolders(pathsOf(...folders), 'mine');
  const left = notes.leftOut?.map(({ count, what }) => `${count} ${what}`) ?? [];
  return { classes, train: images.train.length, test: images.test.length, left, from: notes.splitFrom };
}

const HELD_OUT = 'none in the files, so every sixth image of a class is held out';

describe('layoutOfFolders', () => {
  test.each<[string[], object]>([
    [
      ['6 Training/a', '6 Training/b', '3 Testing/a', '3 Testing/b'],
      { classes: ['a', 'b'], train: 12, test: 6, left: [], from: 'folders Testing and Training' },
    ],
    [
      ['6 train/a', '6 train/b', '3 valid/a', '3 valid/b', '3 test/a', '3 test/b'],
      { train: 12, test: 6, left: ['6 images in valid/'], from: 'folders test and train' },
    ],
    [
      ['6 train/a', '6 train/b', '3 dev/a', '3 dev/b'],
      { train: 12, test: 6, left: [], from: 'folders dev and train' },
    ],
    [
      ['6 a/train', '6 b/train', '3 a/test', '3 b/test'],
      { classes: ['a', 'b'], train: 12, test: 6, from: 'folders test and train in each class' },
    ],
    [
      ['6 a/train', '6 b/train', '3 a/test', '3 b/test', '2 a/val', '2 b/val'],
      { classes: ['a', 'b'], train: 12, test: 6, left: ['4 images in val/'] },
    ],
    [
      ['3 train/a/batch0', '3 train/a/batch1', '6 train/b/batch0', '2 test/a/batch0', '2 test/b/batch1'],
      { classes: ['a', 'b'], train: 12, test: 4 },
    ],
    [
      ['3 train/a/x', '3 train/a/y', '6 train/b/z', '2 test/a/x', '2 test/b/z'],
      { classes: ['a', 'b'], train: 12, test: 4 },
    ],
    [
      ['6 train/a', '6 train/b', '5 test'],
      { classes: ['a', 'b'], train: 10, test: 2, left: ['5 images in test/'], from: HELD_OUT },
    ],
    // Kaggle and Keras put unlabelled test images into one folder.
    [
      ['6 train/a', '6 train/b', '5 test/test_folder'],
      { classes: ['a', 'b'], train: 10, test: 2, left: ['5 images in test/'] },
    ],
    // ImageNet: test images without labels, so the labelled val is the test set.
    [
      ['6 train/a', '6 train/b', '3 val/a', '3 val/b', '5 test'],
      { train: 12, test: 6, left: ['5 images in test/'], from: 'folders train and val' },
    ],
    // Intel's image classification.
    [
      [
        '6 seg_train/seg_train/a',
        '6 seg_train/seg_train/b',
        '3 seg_test/seg_test/a',
        '3 seg_test/seg_test/b',
        '4 seg_pred/seg_pred',
      ],
      { classes: ['a', 'b'], train: 12, test: 6, left: ['4 images in seg_pred/'] },
    ],
    [
      ['6 data/train2017/a', '6 data/train2017/b', '3 data/val2017/a', '3 data/val2017/b'],
      { classes: ['a', 'b'], train: 12, test: 6 },
    ],
    // Tiny-ImageNet's training images.
    [
      ['6 train/n01/images', '6 train/n02/images', '5 val/images', '5 test/images'],
      { classes: ['n01', 'n02'], train: 10, test: 2, left: ['5 images in test/', '5 images in val/'] },
    ],
    [
      ['6 train/images/a', '6 train/images/b', '3 test/imgs/a', '3 test/imgs/b'],
      { classes: ['a', 'b'], train: 12, test: 6 },
    ],
    // CIFAR-100 has a class called train.
    [
      ['6 train/train', '6 train/cat', '3 test/train', '3 test/cat'],
      { classes: ['cat', 'train'], train: 12, test: 6 },
    ],
    [['6 car', '6 train'], { classes: ['car', 'train'], train: 10, test: 2, from: HELD_OUT }],
    [['6 test_tube', '6 train_station'], { classes: ['test_tube', 'train_station'], train: 10 }],
    [
      ['6 a', '6 b', '3 test/a', '3 test/b'],
      { classes: ['a', 'b'], train: 12, test: 6, from: 'folder test' },
    ],
    [['6 train/a', '6 train/b'], { classes: ['a', 'b'], train: 10, test: 2, from: HELD_OUT }],
    [
      ['6 train1/a', '6 train2/b', '3 test/a', '3 test/b', '3 val/a', '3 validation/b'],
      { classes: ['a', 'b'], train: 12, test: 6, left: ['6 images in val/ and validation/'] },
    ],
    [['6 pets/a', '6 pets/b'], { classes: ['a', 'b'], train: 10, test: 2 }],
    [['6 a/2019', '6 a/2020', '12 b/2019'], { classes: ['a', 'b'], train: 20, test: 4 }],
    [
      ['6 test/train/a', '6 test/train/b', '3 test/test/a', '3 test/test/b'],
      { classes: ['a', 'b'], train: 12, test: 6 },
    ],
    [
      ['6 chest_xray_train/a', '6 chest_xray_train/b', '3 chest_xray_test/a', '3 chest_xray_test/b'],
      { classes: ['a', 'b'], train: 12, test: 6 },
    ],
  ])('%j', (folders, expected) => {
    expect(summaryOf(...folders)).toMatchObject(expected);
  });

  test.each<[string[], RegExp]>([
    [
      ['6 cat', '6 dog', '6 test'],
      /^mine: "test" may be a class beside "cat" and "dog", or hold images for testing/,
    ],
    [['6 cat', '6 dog', '3 test', '3 train'], /"train" and "test" may be classes beside "cat" and "dog"/],
    [
      ['6 fold1/train/a', '6 fold1/train/b', '3 fold2/test/a', '3 fold2/test/b'],
      /classes may be "fold1" and "fold2", or "a" and "b"/,
    ],
    [
      ['6 animals/cat', '6 animals/dog', '6 cars/bmw', '6 cars/vw'],
      /classes may be "animals" and "cars", or "bmw", "cat", "dog" and "vw"/,
    ],
    [
      ['6 2019/cat', '6 2019/dog', '6 2020/cat', '6 2020/dog'],
      /may be "2019" and "2020", or "cat" and "dog"/,
    ],
    [
      ['6 train/2019/cat', '6 train/2019/dog', '6 train/2020/cat', '3 test/2019/cat'],
      /may be "2019" and "2020"/,
    ],
    [
      ['6 train/a', '6 train/b', '3 test/a', '3 test/c'],
      /test\/c\/0.png is a test image of the class "c", of which mine has no training images/,
    ],
    [['6 train/a', '6 train/b', '3 test/A', '3 test/b'], /the class "A"/],
    [['6 train/a', '6 train/b', '3 test/a', '3 test/b', '1 '], /^mine holds images beside folders of images/],
    [
      ['6 train', '6 train/a', '6 train/b', '3 test/a', '3 test/b'],
      /^train holds images beside folders of images/,
    ],
    [['6 train/a', '6 train/b', '3 test/a', '3 test/b', '1 test'], /^test holds images beside/],
    // Labels under other names are labels.
    [
      ['6 train/Cat', '6 train/Dog', '3 test/cat', '3 test/dog'],
      /^mine: "cat" and "dog" in "test" may be classes, .* are called "Cat" and "Dog": call them alike/,
    ],
    [
      ['6 train/forget/a', '6 train/forget/b', '6 train/retain/a', '3 test/a', '3 test/b'],
      /"a" and "b" in "test" may be classes, .* are called "forget" and "retain"/,
    ],
    [
      ['6 a/train', '3 a/test', '6 b'],
      /^b\/0.png may be for training or for testing, since it lies in no such/,
    ],
    [
      ['6 val/a', '6 val/b', '3 test/a', '3 test/b'],
      /^mine holds no training images: its folders "test" and "val"/,
    ],
    [
      ['6 big_train/a', '6 big_train/b', '3 big_test/a', '6 small_train/a', '3 small_test/a'],
      /"big_test" and "small_test" may be parts of one data set, or belong to two/,
    ],
    [
      ['6 train/a', '6 train/b', '8 trainval/a', '8 trainval/b', '3 test/a', '3 test/b'],
      /"train" and "trainval" may be parts of one data set, or belong to two/,
    ],
    [['6 test/a', '6 test/b'], /holds no training images if its folder "test" is a test split/],
    [['6 a/train', '6 b/train', '3 a/test', '3 c/test'], /the class "c"/],
    [
      ['6 a/train', '3 a/test', '6 b/other'],
      /"train" and "test" may be classes beside "other", or hold images for training and testing/,
    ],
    [['6 train/a', '3 test/a'], /at least two; found: a/],
    [['6 train', '3 test'], /at least two/],
  ])('refuses %j', (folders, message) => {
    expect(() => summaryOf(...folders)).toThrow(message);
    expect(() => summaryOf(...folders)).toThrow(LetheError);
  });

  test('the same images under any convention have the same split', () => {
    const words = {
      train: ['train', 'Train', 'TRAINING', 'train_set', 'trainset', 'seg-train', 'train2017', 'Train Data'],
      test: ['test', 'Testing', 'test_split', 'TEST', 'testset', 'seg_test', 'test-images'],
      held: ['val', 'valid', 'Validation', 'dev', 'val_set', 'DEV-SPLIT', 'valid.2'],
    };
    const classes = fc.uniqueArray(fc.constantFrom('cat', 'dog', 'owl', 'train', 'test tube', 'développer'), {
      minLength: 2,
    });
    const tree = fc.record({
      classes,
      train: fc.constantFrom(...words.train),
      test: fc.constantFrom(...words.test),
      held: fc.constantFrom(...words.held),
      root: fc.constantFrom('', 'pets/', 'my test/data/'),
      deep: fc.constantFrom('', '/batch1'),
      above: fc.boolean(),
      parts: fc.constantFrom('both', 'three', 'held'),
    });
    fc.assert(
      fc.property(tree, ({ classes, train, test, held, root, deep, above, parts }) => {
        // A class called train above its own train folder is ambiguous.
        fc.pre(above || !classes.includes('train'));
        const at = (part: string, className: string) =>
          `${root}${above ? `${part}/${className}` : `${className}/${part}`}${deep}`;
        const folders = classes.flatMap((className) => [
          `4 ${at(train, className)}`,
          ...(parts === 'held' ? [] : [`3 ${at(test, className)}`]),
          ...(parts === 'both' ? [] : [`2 ${at(held, className)}`]),
        ]);
        const tests = parts === 'held' ? 2 : 3;
        expect(summaryOf(...folders)).toMatchObject({
          classes: [...classes].sort(),
          train: 4 * classes.length,
          test: tests * classes.length,
          left: parts === 'three' ? [`${2 * classes.length} images in ${held}/`] : [],
        });
      }),
      { numRuns: 400 },
    );
  });

  test('torchvision’s order: by class, folder and name, of the extensions that it knows', () => {
    const paths = ['b/2.png', 'b/10.png', 'a/x.gif', 'a/z.JPG', 'a/y.webp', 'B/1.png'].map(
      (path) => `train/${path}`,
    );
    const held = ['b/1.png', 'a/1.png', 'B/2.png'].map((path) => `test/${path}`);
    const { asTorchvision, images } = layoutOfFolders([...paths, ...held], 'mine');
    expect(asTorchvision.map(({ path }) => path)).toEqual([
      'train/B/1.png',
      'train/a/y.webp',
      'train/a/z.JPG',
      'train/b/10.png',
      'train/b/2.png',
    ]);
    expect(images.train.map(({ path }) => path)).toEqual([
      'train/B/1.png',
      'train/a/x.gif',
      'train/b/10.png',
      'train/a/y.webp',
      'train/b/2.png',
      'train/a/z.JPG',
    ]);
  });
});
