import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { indexListFormats } from '../../../src/lab/forget/index-lists';
import { encodeIndexList } from '../../../src/lab/forget/index-lists/encode';
import { isIndexListName, listsListed, readIndexList } from '../../../src/lab/forget/index-lists/recognise';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (
  content: Uint8Array | string,
  count = 60,
  which: 'forget' | 'retain' | 'subset' = 'forget',
) => {
  const { indices } = await readIndexList(typeof content === 'string' ? bytes(content) : content, 'list', {
    count,
    which,
  });
  return [...indices];
};

/** The same list as each format has it. */
const LIST = [3, 17, 4, 40, 8];
const base64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const SAMPLES: Record<string, Uint8Array> = {
  json: encodeIndexList(LIST, 'json'),
  npy: encodeIndexList(LIST, 'npy'),
  npz: zipSync({ 'forget.npy': encodeIndexList(LIST, 'npy'), 'retain.npy': encodeIndexList([1], 'npy') }),
  'torch-zip': zipSync({ 'list/data.pkl': base64('gAJdcQAoSwNLEUsESyhLCGUu') }, { level: 0 }),
  pickle: base64('gASVDwAAAAAAAABdlChLA0sRSwRLKEsIZS4='),
  text: encodeIndexList(LIST, 'csv'),
};

test('formats of lists: every one has a sample here', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(indexListFormats.entries.map(({ id }) => id).sort());
});

describe.each(indexListFormats.entries)('the format of lists $id', (format) => {
  test('gives the list of its sample, in its order', async () => {
    expect(await read(SAMPLES[format.id]!)).toEqual(LIST);
  });
  test('is the first to recognise its sample, and stands in the sentences', () => {
    const start = SAMPLES[format.id]!.subarray(0, 512);
    expect(indexListFormats.entries.find(({ recognises }) => recognises(start))).toBe(format);
    for (const ending of format.extensions) expect(isIndexListName(`Mine${ending}`)).toBe(true);
    expect(listsListed()).toContain(format.listed.split(' ')[0]);
  });
});

test('readIndexList: text in any form', async () => {
  for (const text of [
    '3 17 4 40 8',
    '3;17;4;40;8\n',
    '3,17,4,40,8',
    '3\r\n17\r\n4\r\n40\r\n8\r\n',
    '# images\n3\n17\n4\n40\n8',
  ])
    expect(await read(text), text).toEqual(LIST);
  // pandas with its own index, and a table with labels beside.
  expect(await read('"",index\n0,3\n1,17\n')).toEqual([3, 17]);
  expect(await read('label,image_id\ncat,3\ndog,17\n')).toEqual([3, 17]);
  expect(await read('forget,retain\n3,5\n17,6\n')).toEqual([3, 17]);
  expect(await read('forget,retain\n3,5\n17,6\n', 60, 'retain')).toEqual([5, 6]);
});

test('readIndexList: a byte order mark and UTF-16 are taken off', async () => {
  expect(await read(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes('[3]')))).toEqual([3]);
  const wide = [...'[3]'].flatMap((letter) => [0, letter.charCodeAt(0)]);
  expect(await read(Uint8Array.of(0xfe, 0xff, ...wide))).toEqual([3]);
});

test('readIndexList: a list as long as the training set is a mask where it says false and true, or repeats 0 and 1', async () => {
  expect(await read('[true, false, true]', 3)).toEqual([0, 2]);
  expect(await read('0\n1\n1\n', 3)).toEqual([1, 2]);
  expect(await read('[0, 1]', 2)).toEqual([0, 1]);
  await expect(read('[true, false]', 3)).rejects.toThrow('a mask of 2 entries, but there are 3');
});

test('readIndexList: a list by its name among several, nested or not', async () => {
  expect(await read('{"splits": {"forget": [3], "retain": [4]}}', 60, 'retain')).toEqual([4]);
  expect(await read('{"indices": [3], "labels": [1, 1]}')).toEqual([3]);
  expect(await read('{"retain_idx": [3]}', 60, 'subset')).toEqual([3]);
  await expect(read('{"retain_idx": [3]}')).rejects.toThrow(
    'called "retain_idx", but a forget list is asked for',
  );
});

test('readIndexList: a list of lists beside the list of JSON does no harm', async () => {
  expect(await read('{"boxes": [[1, 2], [3, 4]], "forget": [3, 17]}')).toEqual([3, 17]);
});

test('readIndexList: of files of Lethe the forget set is read, and nothing else that stands in them', async () => {
  const head = { lethe: 1, runs: [{ classes: { test: [1, 2] } }] };
  const study = (forget: object) => JSON.stringify({ ...head, forget });
  const result = JSON.stringify({ ...head, study: { data: {} }, detail: { forget: LIST, planted: [1] } });
  expect(await read(result)).toEqual(LIST);
  await expect(read(result, 60, 'retain')).rejects.toThrow('called "forget", but a retain list is asked for');
  expect(await read(JSON.stringify({ ...head, forget: LIST, planted: [1] }))).toEqual(LIST);
  expect(await read(study({ rule: 'manual', settings: { indices: LIST } }))).toEqual(LIST);
  const refusal = 'without a list of images; the forget set of a study stands in its result.json';
  await expect(read(study({ rule: 'class', settings: { classes: [1, 2] } }))).rejects.toThrow(refusal);
  await expect(read('{"lethe": 1, "original": [3]}')).rejects.toThrow(refusal);
});

test('readIndexList: a column that says which set each row is of divides the table', async () => {
  const table = 'index,label,split\n3,0,forget\n4,1,retain\n17,1,forget\n';
  expect(await read(table)).toEqual([3, 17]);
  expect(await read(table, 60, 'retain')).toEqual([4]);
  await expect(read('index,split\n3,train\n4,test\n')).rejects.toThrow('2 lists ("train", "test")');
  // pandas fills the shorter column up.
  expect(await read('forget,retain\n3,5\n,6\n')).toEqual([3]);
});

test('readIndexList: a column that marks images is read by the column that names them, in any order', async () => {
  expect(await read('index,forget\n2,1\n0,0\n1,0\n', 3)).toEqual([2]);
  expect(await read('image_id,label,is_forget\n2,0,True\n0,1,False\n1,1,True\n', 3)).toEqual([2, 1]);
  expect(await read(',forget\n2,1\n0,0\n1,0\n', 3)).toEqual([2]);
  expect(await read('id,mask\n17,1.0\n3,0.0\n')).toEqual([17]);
  // In the order of the images it stays a mask, which is as long as the training set.
  expect(await read('index,forget\n0,0\n1,0\n2,1\n', 3)).toEqual([2]);
  await expect(read('index,forget\n0,0\n1,0\n2,1\n')).rejects.toThrow('a mask of 3 entries');
  const both = 'index,forget,retain\n2,1,0\n0,0,1\n1,0,1\n';
  expect(await read(both, 3, 'retain')).toEqual([0, 1]);
  await expect(read('index,forget\n2,1\n0,0\n', 3, 'retain')).rejects.toThrow('called "forget"');
  const trained = 'index,train\n2,1\n0,0\n1,1\n';
  expect(await read(trained, 3, 'subset')).toEqual([2, 1]);
  expect(await read(trained, 3)).toEqual([2, 0, 1]);
  // Image numbers and classes of zeros and ones are no marks.
  expect(await read('index,forget\n0,3\n1,17\n')).toEqual([3, 17]);
  expect(await read('index,label\n3,1\n17,0\n')).toEqual([3, 17]);
  await expect(read('index,name,forget\n3,a,1\n17,b,1\n')).resolves.toEqual([3, 17]);
  await expect(read('index,id,forget\n3,8,1\n17,9,0\n')).rejects.toThrow('is not clear');
});

test('readIndexList: names of files with spaces, commas, quotes and #; headers of several words', async () => {
  const train = ['cat/a b.png', 'dog/x, y.png', 'dog/z #1.png', 'owl/the "old", 3 #2.png', 'owl/plain.png'];
  const order = { train, test: [], torchvision: train };
  const named = async (content: string) => {
    const about = { count: train.length, order, which: 'forget' } as const;
    return [...(await readIndexList(bytes(content), 'list', about)).indices];
  };
  expect(await named('file\ncat/a b.png\n')).toEqual([0]);
  expect(await named('file name\ncat/a b.png\ndog/z #1.png\n')).toEqual([0, 2]);
  expect(await named('cat/a b.png\nowl/plain.png\n')).toEqual([0, 4]);
  expect(await named('file,label\n"dog/x, y.png",1\nowl/plain.png,0\n')).toEqual([1, 4]);
  expect(await named('file\n"dog/x, y.png"\n"cat/a b.png"\n')).toEqual([1, 0]);
  expect(await named('file,label\n"owl/the ""old"", 3 #2.png",1\ncat/a b.png,0\n')).toEqual([3, 0]);
  expect(await named('note;file\n"two\nlines; one cell";dog/z #1.png\n')).toEqual([2]);
  expect(await named('# mine\ndog/z #1.png\n')).toEqual([2]);
});

test('readIndexList: headers of several words, comments behind numbers, tabs', async () => {
  expect(await read('image id\n3\n17\n')).toEqual([3, 17]);
  expect(await read('Images to forget\n3\n17\n')).toEqual([3, 17]);
  expect(await read('Image ID,Class\n3,0\n17,1\n')).toEqual([3, 17]);
  expect(await read('Class;"Image ID"\n0;"3"\n1;"17"\n')).toEqual([3, 17]);
  expect(await read('3 # see cat.png\n17\t# the other\n  # none\n')).toEqual([3, 17]);
  expect(await read('3, # one\n17, 4 # two\n')).toEqual([3, 17, 4]);
  expect(await read('3 17 # two\n4 # one\n')).toEqual([3, 17, 4]);
  expect(await read('true # yes\nfalse # no\n', 2)).toEqual([0]);
  expect(await read('\tindex\n0\t3\n1\t17\n')).toEqual([3, 17]);
  // Quotes that nothing closes are letters.
  expect(await read('index,"open\n3,1\n17,0\n')).toEqual([3, 17]);
});

test('readIndexList: one row or column in a list is a list, several are not; entries are shown as they are', async () => {
  expect(await read('[[3], [17]]')).toEqual([3, 17]);
  expect(await read('[[3, 17]]')).toEqual([3, 17]);
  await expect(read('[[3, 17], [4]]')).rejects.toThrow('it holds 2 lists in a list: give the one');
  await expect(read('["3"]')).rejects.toThrow('entry 1 is the text "3" and no number: leave the quotes out.');
  await expect(read('[{"index": 3}]')).rejects.toThrow('entry 1 is {"index":3}, but image numbers');
});

test('encodeIndexList: an array of NumPy begins its elements at a multiple of 64 bytes', () => {
  const file = encodeIndexList(LIST, 'npy');
  const header = 10 + new DataView(file.buffer).getUint16(8, true);
  expect(header % 64).toBe(0);
  expect(file).toHaveLength(header + 8 * LIST.length);
  expect(new TextDecoder().decode(file.subarray(10, header))).toMatch(
    /^\{'descr': '<i8', .* \(5,\), \} +\n$/,
  );
});
