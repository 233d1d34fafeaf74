import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readIndexList } from '../../../../src/lab/forget/index-lists/recognise';
import { openTensors } from '../../../../src/lab/nn/checkpoints/recognise';
import { unpickle } from '../../../../src/lab/nn/readers/pickle';
import { npyFile } from '../../../support/data-files';

/** Whole numbers of 64 bits. */
const int64s = (...values: number[]) => new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
const base64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const read = async (content: Uint8Array) => {
  const { indices } = await readIndexList(content, 'list', { count: 60, which: 'forget' });
  return [...indices];
};

test('arrays: a whole number that 32 bits do not hold is named with its entry', async () => {
  const beyond = 'it holds 1099511627776 (entry 2), which 32 bits do not hold.';
  await expect(read(npyFile(int64s(3, 2 ** 40), [2], '<i8'))).rejects.toThrow(beyond);
  await expect(read(npyFile(int64s(3, 2 ** 40), [2], '<u8'))).rejects.toThrow(beyond);
  const bigEndian = int64s(3, 2 ** 40).reverse();
  await expect(read(npyFile(bigEndian, [2], '>i8'))).rejects.toThrow('1099511627776 (entry 1)');
  const unsigned = new Uint8Array(Uint32Array.of(3, 2 ** 31).buffer);
  await expect(read(npyFile(unsigned, [2], '<u4'))).rejects.toThrow('it holds 2147483648 (entry 2)');
  // pickle.dumps(np.array([3, 2**40]))
  const pickled =
    'gASVmQAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsChZRoA4wFZHR5cGWUk5SMAmk4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQxADAAAAAAAAAAAAAAAAAQAAlHSUYi4=';
  await expect(read(base64(pickled))).rejects.toThrow(beyond);
});

test.each([
  ['<f16', 'it has the type float128, which Lethe does not read.'],
  ['<c16', 'it has the type complex128, which Lethe does not read.'],
  ['<U3', 'it holds texts and no numbers.'],
  ['|S3', 'it holds texts and no numbers.'],
  ['<M8[D]', 'it holds dates and no numbers.'],
  ['|V8', 'it holds records and no numbers.'],
])('arrays: of the type %s it is said what it is', async (descr, sentence) => {
  await expect(read(npyFile(new Uint8Array(16), [1], descr))).rejects.toThrow(sentence);
});

test('pickle: whole numbers of more than 32 bits are shown as they are, negative ones too', async () => {
  for (const [bytes, shown] of [
    // pickle.dumps([3, -2**40]), of 2**70, and of [np.int64(3), np.int64(2**40)]
    ['gASVDwAAAAAAAABdlChLA4oGAAAAAAD/ZS4=', '-1099511627776'],
    ['gASVEgAAAAAAAABdlChLA4oJAAAAAAAAAABAZS4=', '1.1805916207174113e+21'],
    [
      'gASVgQAAAAAAAABdlCiMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5cGWUk5SMAmk4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDCAMAAAAAAAAAlIaUUpRoA2gJQwgAAAAAAAEAAJSGlFKUZS4=',
      '1099511627776',
    ],
  ] as const)
    await expect(read(base64(bytes))).rejects.toThrow(
      `entry 2 is ${shown}, but image numbers go from 0 to 59.`,
    );
});

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const dtype = (text: string, quoted: string) =>
  `cnumpy\ndtype\n(${text}I0\nI1\ntR(I3\n${quoted}NNNI-1\nI-1\nI0\ntb`;
const NEW_TYPE = dtype('Vi8\n', 'V<\n');
const OLD_TYPE = dtype("S'i8'\n", "S'<'\n");
/** Python 3 hands bytes to a codec as a text. */
const NEW_BYTES = 'c_codecs\nencode\n(V\x03\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\nVlatin1\ntR';
const OLD_BYTES = "S'\\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00'\n";
const arrayOf = (core: string, type: string, bytes: string) =>
  `c${core}.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I1\nt${type}I00\n${bytes}tb.`;
const scalarOf = (core: string, type: string, bytes: string) =>
  `(lp0\nc${core}.multiarray\nscalar\n(${type}${bytes}tRa.`;

test.each([
  ['an array by Python 3', arrayOf('numpy._core', NEW_TYPE, NEW_BYTES)],
  ['an array by Python 2', arrayOf('numpy.core', OLD_TYPE, OLD_BYTES)],
  ['a scalar by Python 3', scalarOf('numpy._core', NEW_TYPE, NEW_BYTES)],
  ['a scalar by Python 2', scalarOf('numpy.core', OLD_TYPE, OLD_BYTES)],
  ['a tuple', '(I3\ntp0\n.'],
])('pickle of protocol 0: %s is read', async (_, pickled) => {
  expect(await read(latin1(pickled))).toEqual([3]);
});

test('pickle of protocol 0: escapes in texts are undone', () => {
  const { value } = unpickle(
    latin1(
      "(lp0\nVa\\u005cb\\U0001f600\xe9\\u000a\naS'it\\'s \\\\ \\n\\101\\xe9'\naS\"x\"\nacx\ny\n(V\\u0041\ntRa.",
    ),
  );
  expect((value as unknown[]).slice(0, 3)).toEqual(['a\\b😀é\n', "it's \\ \nAé", 'x']);
  expect(value).toMatchObject({ 3: { global: 'x.y', args: ['A'] } });
});

const FLOATS = npyFile(new Uint8Array(4 * 15), [5, 3], '<f4');
const TEXTS = npyFile(new Uint8Array(24), [2], '<U3');

test('lists: what is wrong with an array beside the list does no harm', async () => {
  const list = npyFile(int64s(3, 17), [2], '<i8');
  const beside = {
    'features.npy': FLOATS,
    'class_names.npy': TEXTS,
    'sizes.npy': npyFile(int64s(2 ** 40), [1], '<i8'),
    'cut.npy': list.subarray(0, -3),
  };
  for (const [name, bytes] of Object.entries(beside))
    expect(await read(zipSync({ [name]: bytes, 'forget_idx.npy': list })), name).toEqual([3, 17]);
  // pickle.dumps({'forget_idx': [3, 17], 'model': {'w': np.zeros((2, 3), 'f4'), 'b': np.array([2**40])}})
  const pickled =
    'gASVGAEAAAAAAAB9lCiMCmZvcmdldF9pZHiUXZQoSwNLEWWMBW1vZGVslH2UKIwBd5SMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsCSwOGlGgJjAVkdHlwZZSTlIwCZjSUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYolDGAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJR0lGKMAWKUaAhoC0sAhZRoDYeUUpQoSwFLAYWUaBKMAmk4lImIh5RSlChLA2gWTk5OSv////9K/////0sAdJRiiUMIAAAAAAAAAQCUdJRidXUu';
  expect(await read(base64(pickled))).toEqual([3, 17]);
});

test('lists: what is wrong with the chosen or only array is said', async () => {
  const beside = { 'labels.npy': npyFile(int64s(1), [1], '<i8') };
  await expect(read(zipSync({ ...beside, 'forget.npy': FLOATS }))).rejects.toThrow(
    'it holds an array of 5×3, but a list has one axis.',
  );
  await expect(read(zipSync({ 'a.npy': TEXTS }))).rejects.toThrow('it holds texts and no numbers.');
  await expect(read(zipSync({ 'a.npy': FLOATS.subarray(0, -3) }))).rejects.toThrow('damaged or cut off');
});

test('openTensors: arrays of texts beside the weights of an .npz are no tensors', async () => {
  const { tensors } = await openTensors(zipSync({ 'fc.weight.npy': FLOATS, 'class_names.npy': TEXTS }));
  expect([...tensors.keys()]).toEqual(['fc.weight']);
  await expect(openTensors(zipSync({ 'class_names.npy': TEXTS }))).rejects.toThrow('no arrays of numbers');
});
