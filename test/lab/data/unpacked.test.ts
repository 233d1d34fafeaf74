import { gzipSync, type InflateRaw, inflateRawSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { afterEach, expect, test, vi } from 'vitest';
import { crc32 } from '../../../src/lab/crc32';
import { memoryFile } from '../../../src/lab/data/data-file';
import { inflated } from '../../../src/lab/data/unpacked';
import { LetheError } from '../../../src/lab/settings';
import { readAll } from '../../support/cases';
import { idxFile, png, ramp } from '../../support/data-files';

/** Unpacks gzip as browsers do and Node does not: whatever follows the first member is an error, after what came out of it. */
class StrictStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor() {
    const chunks: Uint8Array[] = [];
    super({
      transform: (chunk) => void chunks.push(chunk),
      flush(controller) {
        const all = Buffer.concat(chunks);
        if (all.readUInt16BE(0) !== 0x1f8b) throw new TypeError('The compressed data was not valid.');
        const { buffer, engine } = inflateRawSync(all.subarray(10), { info: true }) as unknown as {
          buffer: Buffer;
          engine: InflateRaw;
        };
        controller.enqueue(new Uint8Array(buffer));
        const end = 10 + engine.bytesWritten;
        if (all.length < end + 8) throw new TypeError('Compressed input was truncated.');
        if (all.readUInt32LE(end) !== crc32(buffer))
          throw new TypeError('The compressed data was not valid.');
        if (all.length > end + 8) throw new TypeError('Junk found after end of compressed data.');
      },
    });
  }
}

afterEach(() => vi.unstubAllGlobals());

const packed = (bytes: Uint8Array, level = 6) => new Uint8Array(gzipSync(bytes, { level }));
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const zeros = (count: number) => new Uint8Array(count);
const all = ramp(70_000);
const [first, second] = [all.subarray(0, 66_000), all.subarray(66_000)];
/** Bytes that look like the beginning of a member, twice, with zeros before the second. */
const marks = Uint8Array.of(7, 0x1f, 0x8b, 8, 0, 0, 0, 0, 0x1f, 0x8b, 8, 4, 9);

const FILES: [string, Uint8Array, Uint8Array][] = [
  ['one member', packed(all), all],
  ['two members', joined(packed(first), packed(second)), all],
  ['two members, one of them empty', joined(packed(all), packed(zeros(0))), all],
  ['zeros at the end', joined(packed(all), zeros(5000)), all],
  ['one zero at the end', joined(packed(all), zeros(1)), all],
  ['marks of gzip in a member', joined(packed(marks, 0), packed(second)), joined(marks, second)],
  ['members of a byte', joined(...Array.from(ramp(300), (byte) => packed(Uint8Array.of(byte)))), ramp(300)],
];

const contentOf = async (file: Uint8Array, limit = 1e6) => {
  const out = await inflated(memoryFile('a.gz', file).content, 'gzip', { path: 'a.gz', limit });
  return Buffer.from(await out.slice(0, out.byteLength));
};

test.each(FILES)('gzip: %s, in Node and in browsers', async (_, file, content) => {
  expect((await contentOf(file)).equals(content)).toBe(true);
  vi.stubGlobal('DecompressionStream', StrictStream);
  expect((await contentOf(file)).equals(content)).toBe(true);
});

test('gzip: in browsers too, zeros between members, and IDX files and a .tar.gz of several', async () => {
  vi.stubGlobal('DecompressionStream', StrictStream);
  const apart = joined(packed(first), zeros(700), packed(second), zeros(9));
  expect((await contentOf(apart)).equals(all)).toBe(true);
  const halves = (bytes: Uint8Array) =>
    joined(packed(bytes.subarray(0, 700)), packed(bytes.subarray(700)), zeros(512));
  const idx = [
    memoryFile('train-images-idx3-ubyte.gz', halves(idxFile(ramp(1200), [12, 10, 10]))),
    memoryFile('train-labels-idx1-ubyte.gz', packed(idxFile(ramp(12), [12]))),
  ];
  const { train, test: held } = await readAll(idx);
  expect(train.count + held.count).toBe(12);
  const pets = ['cat', 'dog'].flatMap((name, c) =>
    [0, 1, 2].map((i) => ({ name: `${name}/${i}.png`, data: png(3 * c + i, 9) })),
  );
  const tar = await readAll([memoryFile('pets.tar.gz', halves(new Uint8Array(createTar(pets))))]);
  expect(tar.train.count + tar.test.count).toBe(6);
});

test('gzip: in browsers too, a damaged member, a cut one and more than the limit are refused', async () => {
  vi.stubGlobal('DecompressionStream', StrictStream);
  const two = joined(packed(first), packed(second));
  const changed = two.map((byte, at) => (at === two.length - 8 ? byte ^ 1 : byte));
  for (const file of [changed, two.slice(0, -1), two.slice(0, -9), joined(two, Uint8Array.of(1))])
    await expect(contentOf(file)).rejects.toThrow();
  await expect(contentOf(two, 67_000)).rejects.toThrow(/a.gz holds more than/);
});

test('gzip: a file that cannot be read is not searched for members', async () => {
  let asked = 0;
  const content = {
    byteLength: 100,
    slice: async () => {
      asked++;
      throw new LetheError('It is gone.');
    },
  };
  const options = { path: 'a.gz', limit: 1e6 };
  await expect(inflated(content, 'gzip', options)).rejects.toThrow('It is gone.');
  expect(asked).toBe(1);
});
