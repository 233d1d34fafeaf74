import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 } from '../../src/lab/crc32';
import { ramp } from '../support/data-files';

test('crc32: the check value of its standard, and zlib’s for every length around a step, whole and in two pieces', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  const bytes = ramp(60).map((byte) => (byte * 77 + 190) & 255);
  for (let from = 0; from < 9; from++)
    for (let to = from; to <= bytes.length; to++) {
      const part = bytes.subarray(from, to);
      expect(crc32(part)).toBe(zlibCrc32(part));
      expect(crc32(part.subarray(5), crc32(part.subarray(0, 5)))).toBe(zlibCrc32(part));
    }
});
