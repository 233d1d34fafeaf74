import { expect, test } from 'vitest';
import { memoryFile } from '../../../../src/lab/data/data-file';
import { LetheError } from '../../../../src/lab/settings';
import { caseFiles, readAll } from '../../../support/cases';
import { columnsFile, png } from '../../../support/data-files';

const read = (name: string, labelColumn?: string) => readAll(caseFiles(`parquet/${name}`), { labelColumn });

test.each(['labels_beans', 'label_string'])('parquet: three named classes in %s', async (name) => {
  const { classes, train, test: held, said } = await read(name);
  expect(classes).toEqual(['cat', 'dog', 'owl']);
  expect(train.count + held.count).toBe(18);
  for (const label of [0, 1, 2])
    expect([...train.labels, ...held.labels].filter((l) => l === label)).toHaveLength(6);
  expect(said).toMatch(/columns image and labels?/);
});

test('parquet: the column of images is chosen, not the mask before it, and said', async () => {
  const { said, shape } = await read('mask_and_image');
  expect(said).toContain('columns image and label; left out: 1 column (mask).');
  expect(shape).toEqual((await read('label_string')).shape);
});

test('parquet: of two columns of labels one is taken, said, and another can be chosen', async () => {
  const fine = await read('cifar100_coarse_first');
  expect(fine.classes).toEqual(['cat', 'dog', 'owl']);
  expect(fine.said).toContain('The classes are those of fine_label; coarse_label can be chosen instead');
  expect(fine.report.choices).toEqual([
    {
      field: 'labelColumn',
      label: 'Column with the classes',
      options: ['fine_label', 'coarse_label'],
      chosen: 'fine_label',
    },
  ]);
  const coarse = await read('cifar100_coarse_first', 'coarse_label');
  expect(coarse.classes).toEqual(['a', 'b']);
  expect(coarse.said).toContain('columns img and coarse_label');
  await expect(read('cifar100_coarse_first', 'colour')).rejects.toThrow(
    /has no column "colour"; its columns are img, coarse_label and fine_label/,
  );
  await expect(read('cifar100_coarse_first', 'img')).rejects.toThrow(/neither whole numbers nor texts/);
});

test('parquet: classes that are named differently in the two splits are refused', async () => {
  await expect(read('test_other_names')).rejects.toThrow(LetheError);
  await expect(read('test_other_names')).rejects.toThrow(
    /test-0.parquet begin with dog, owl and cat, those of train-0.parquet with cat, dog and owl/,
  );
});

test('parquet: an image of another kind is read, or refused by its row and kind', async () => {
  const found = await read('jpeg_webp_mixed').then(
    ({ train, test: held }) => train.count + held.count,
    (error: Error) => error.message,
  );
  if (typeof found === 'number') expect(found).toBe(18);
  else expect(found).toMatch(/in row \d+ \(counted from 0\) of data.parquet is WebP/);
});

const pictures = Array.from({ length: 12 }, (_, i) => png(i, 8));
const halves = pictures.map((_, i) => i % 2);

test.each(['labels', 'class', 'target', 'label_id', 'category'])(
  'parquet: classes in a column called %s',
  async (name) => {
    const file = columnsFile([
      { name: 'id', type: 'INT32', data: pictures.map((_, i) => i) },
      { name: 'photo', type: 'BYTE_ARRAY', data: pictures },
      { name, type: 'INT32', data: halves },
    ]);
    const { train, said } = await readAll([memoryFile('a.parquet', file)]);
    expect(train.count).toBe(10);
    expect(said).toContain(`columns photo and ${name}; left out: 1 column (id)`);
  },
);

test('parquet: among columns of bytes without a telling name the one with images is found', async () => {
  const vectors = pictures.map((_, i) => Uint8Array.of(i, 2, 3, 4));
  const file = (...names: string[]) =>
    columnsFile([
      { name: names[0]!, type: 'BYTE_ARRAY', data: vectors },
      { name: names[1]!, type: 'BYTE_ARRAY', data: pictures },
      { name: 'label', type: 'INT32', data: halves },
    ]);
  const { said } = await readAll([memoryFile('a.parquet', file('code', 'scan'))]);
  expect(said).toContain('columns scan and label');
  expect((await readAll([memoryFile('a.parquet', file('image_embedding', 'x'))])).said).toContain(
    'columns x and label',
  );
  await expect(readAll([memoryFile('a.parquet', file('embedding', 'mask'))])).rejects.toThrow(
    /its columns are embedding, mask and label, of which none holds images/,
  );
});

test('parquet: names out of a file are printable and short in sentences', async () => {
  const file = columnsFile([
    { name: 'image', type: 'BYTE_ARRAY', data: pictures },
    { name: `\u001b[31m${'x'.repeat(500)}`, type: 'INT32', data: halves },
  ]);
  const message = await readAll([memoryFile('a.parquet', file)]).catch((error: Error) => error.message);
  expect(message).not.toContain('\u001b');
  expect(String(message).length).toBeLessThan(300);
});

test('parquet: labels that are texts may hold what no sentence shows, and numbers may not be beyond all classes', async () => {
  const names = ['a\u0000', 'b'.repeat(300)];
  const file = columnsFile([
    { name: 'image', type: 'BYTE_ARRAY', data: pictures },
    { name: 'label', type: 'STRING', data: halves.map((half) => names[half]) },
  ]);
  const { train, test: held, classes } = await readAll([memoryFile('a.parquet', file)]);
  expect([...train.labels, ...held.labels].toSorted()).toEqual(halves.toSorted());
  expect(classes.map((name) => name.length)).toEqual([2, 81]);
  const many = columnsFile([
    { name: 'image', type: 'BYTE_ARRAY', data: pictures },
    { name: 'label', type: 'INT32', data: halves.map((half) => half * (2 ** 31 - 1)) },
  ]);
  await expect(readAll([memoryFile('a.parquet', many)])).rejects.toThrow(/has 2,147,483,648 classes/);
});

const some = (count: number) => Array.from({ length: count }, (_, i) => png(i, 8));
const column = (name: string, data: (number | string)[]) => ({
  name,
  type: typeof data[0] === 'string' ? ('STRING' as const) : ('INT32' as const),
  data,
});
const images = (count = 3) => ({ name: 'image', type: 'BYTE_ARRAY' as const, data: some(count) });
const fileOf = (path: string, ...columns: Parameters<typeof columnsFile>[0]) =>
  memoryFile(path, columnsFile(columns));

test.each([
  ['coarse_labels', 'fine_labels'],
  ['label_coarse', 'label_fine'],
  ['superclass_label', 'class'],
])('parquet: of %s and %s the finer one is the default', async (coarse, fine) => {
  const file = fileOf('a.parquet', images(), column(coarse, [0, 0, 1]), column(fine, [0, 1, 2]));
  expect((await readAll([file])).said).toContain(`The classes are those of ${fine}; ${coarse} can be`);
});

test.each<[string, ReturnType<typeof fileOf>[], RegExp]>([
  [
    'paths instead of images',
    [fileOf('a.parquet', column('image', ['a.png']), column('label', [0]))],
    /its column image holds texts, but images are stored as the bytes/,
  ],
  [
    'a column for each pixel',
    [fileOf('a.parquet', ...Array.from({ length: 20 }, (_, i) => column(`p${i}`, [i])))],
    /its columns are p0, p1, .*, p7 and 12 more, of which none holds images/,
  ],
  [
    'the mark of unlabelled images',
    [fileOf('a.parquet', images(1), column('label', [-1]))],
    /the label -1 in row 0 .*which is no class number; -1 marks images without a label/,
  ],
  [
    'texts and numbers',
    [
      fileOf('test.parquet', images(1), column('label', ['cat'])),
      fileOf('train.parquet', images(1), column('label', [1])),
    ],
    /test.parquet has its classes as texts in the column label, and train.parquet as numbers in/,
  ],
])('parquet: refuses %s by what it is', async (_, files, message) => {
  await expect(readAll(files)).rejects.toThrow(message);
});

test('parquet: missing shards and classes without training images are said', async () => {
  const files = [
    fileOf('train-00000-of-00003.parquet', images(), column('label', [1, 2, 4])),
    fileOf('train-00002-of-00003.parquet', images(), column('label', [1, 2, 4])),
    fileOf('test-00000-of-00001.parquet', images(), column('label', [1, 2, 4])),
  ];
  expect((await readAll(files)).said).toMatch(
    /Of the 3 files train-…-of-00003 only 2 are there\. No training image is of the classes 0 and 3\.$/,
  );
});
