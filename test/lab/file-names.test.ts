import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathInArchive } from '../../src/lab/data/data-file';
import { nameOfBytes } from '../../src/lab/file-names';

test('nameOfBytes: UTF-8 where it is, else the old code, folder by folder', () => {
  expect(nameOfBytes(new TextEncoder().encode('猫/é.png'), 'cp437')).toBe('猫/é.png');
  const bytes = (...hex: number[]) => Uint8Array.from(hex);
  expect(nameOfBytes(bytes(0x82, 0x2f, 0x30), 'cp437')).toBe('é/0');
  expect(nameOfBytes(bytes(0xe9, 0x2f, 0x30), 'latin1')).toBe('é/0');
  // 猫 in GBK is è in UTF-8, whatever the file in it is called: 狗, or 0.
  expect(nameOfBytes(bytes(0xc3, 0xa8, 0x2f, 0xb9, 0xb7), 'cp437')).toBe('è/╣╖');
  expect(nameOfBytes(bytes(0xc3, 0xa8, 0x2f, 0x30), 'cp437')).toBe('è/0');
  // 表 in Shift-JIS ends in a backslash, which is none; before an old Windows' backslash stands no other separator.
  expect(pathInArchive(nameOfBytes(bytes(0x95, 0x5c, 0x2f, 0x30), 'cp437'))).toBe('ò＼/0');
  expect(pathInArchive(nameOfBytes(bytes(0x82, 0x5c, 0x30), 'cp437'))).toBe('é/0');
});

test('nameOfBytes: distinct names that are no UTF-8 stay distinct paths', () => {
  const upper = fc.uint8Array({ min: 0x80, max: 0xbf, minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(upper, upper, fc.constantFrom('cp437' as const, 'latin1' as const), (a, b, old) => {
      fc.pre(a.join() !== b.join());
      expect(pathInArchive(nameOfBytes(a, old))).not.toBe(pathInArchive(nameOfBytes(b, old)));
    }),
  );
  for (const old of ['cp437', 'latin1'] as const) {
    const all = Array.from({ length: 128 }, (_, i) =>
      pathInArchive(nameOfBytes(Uint8Array.of(0x80 + i), old)),
    );
    expect(new Set(all).size).toBe(128);
  }
});
