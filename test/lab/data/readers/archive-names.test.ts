import { createTar } from 'nanotar';
import { expect, test } from 'vitest';
import { crc32 } from '../../../../src/lab/crc32';
import { memoryFile } from '../../../../src/lab/data/data-file';
import { readAll } from '../../../support/cases';
import { png } from '../../../support/data-files';
import { zipFile } from '../../../support/zip-file';

/** Two folders of three images each, named in a code that is not UTF-8. */
const CODES: Record<string, [cats: number[], dogs: number[]]> = {
  // 猫 and 狗, of which the first is UTF-8 as well.
  GBK: [
    [0xc3, 0xa8],
    [0xb9, 0xb7],
  ],
  // 表 and 犬, the first with a backslash for its second byte.
  'Shift-JIS': [
    [0x95, 0x5c],
    [0x8c, 0xa2],
  ],
  // été and août.
  'code page 437': [
    [0x82, 0x74, 0x82],
    [0x61, 0x6f, 0x96, 0x74],
  ],
  'Latin-1': [
    [0xe9, 0x74, 0xe9],
    [0x61, 0x6f, 0xfb, 0x74],
  ],
};
const ascii = (text: string) => [...new TextEncoder().encode(text)];

/** Images named by a byte above ASCII, which no text in UTF-8 has alone. */
const imagesOf = (folders: number[][]) =>
  folders.flatMap((folder, at) =>
    [0xb1, 0xb2, 0xb3].map((byte, i) => ({
      name: Uint8Array.from([...folder, ...ascii('/'), byte, ...ascii('.png')]),
      data: png(3 * at + i, 4),
    })),
  );

/** A tar whose headers hold these very bytes for names. */
function tarOf(files: { name: Uint8Array; data: Uint8Array }[], pax = false): Uint8Array {
  const blocks = files.flatMap(({ name, data }) => {
    const tar = new Uint8Array(createTar([{ name: 'x', data }]));
    const block = tar.slice(0, 512 + 512 * Math.ceil(data.length / 512));
    if (!pax) return [headed(block, name)];
    const line = [...ascii(' path='), ...name, ...ascii('\n')];
    const text = Uint8Array.from([...ascii(`${line.length + 2}`), ...line]);
    const attributes = new Uint8Array(createTar([{ name: 'x', data: text }])).slice(0, 1024);
    attributes[156] = 'x'.charCodeAt(0);
    return [headed(attributes, Uint8Array.from(ascii('pax'))), headed(block, Uint8Array.from(ascii('x')))];
  });
  return Uint8Array.from([...blocks.flatMap((block) => [...block]), ...new Uint8Array(1024)]);
}

function headed(block: Uint8Array, name: Uint8Array): Uint8Array {
  block.fill(0, 0, 100);
  block.set(name, 0);
  block.fill(0x20, 148, 156);
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  block.set(ascii(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return block;
}

test.each(Object.entries(CODES))(
  'archives: names in %s are two classes of three images',
  async (_, folders) => {
    const images = imagesOf(folders);
    for (const [name, bytes] of [
      ['a.zip', zipFile(images)],
      // Some say that it is UTF-8, and it is not.
      ['a.zip', zipFile(images.map((image) => ({ ...image, flags: 0x800 })))],
      ['a.tar', tarOf(images)],
      ['a.tar', tarOf(images, true)],
    ] as const) {
      const { train, test: held, classes } = await readAll([memoryFile(name, bytes)]);
      expect([classes.length, train.count + held.count]).toEqual([2, 6]);
    }
  },
);

test('zip: the name in UTF-8 beside another is taken, unless it belongs to another name', async () => {
  const unicode = (image: { name: Uint8Array }, path: string, sum = crc32(image.name)) => {
    const text = ascii(path);
    const head = [0x75, 0x70, text.length + 5, 0, 1, ...new Uint8Array(Uint32Array.of(sum).buffer)];
    return Uint8Array.from([...head, ...text]);
  };
  const images = imagesOf(CODES.GBK!);
  const named = images.map((image, i) => ({
    ...image,
    extra: unicode(image, `${i < 3 ? '猫' : '狗'}/${i}.png`),
  }));
  expect((await readAll([memoryFile('a.zip', zipFile(named))])).classes).toEqual(['狗', '猫']);
  const stale = images.map((image, i) => ({ ...image, extra: unicode(image, `x/${i}.png`, 1) }));
  expect((await readAll([memoryFile('a.zip', zipFile(stale))])).classes).not.toContain('x');
});
