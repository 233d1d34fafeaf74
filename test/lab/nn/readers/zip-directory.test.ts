import { expect, test } from 'vitest';
import { zipEntries } from '../../../../src/lab/nn/readers/zip-directory';
import { rangesOf } from '../../../../src/lab/ranges';
import { zipFile } from '../../../support/zip-file';

test('zip: all of more than 65,535 files are found, though its end counts modulo 65,536; another count is damage', async () => {
  const count = 65_536 + 3;
  const parts = Array.from({ length: count }, (_, i) => ({ name: `${i}`, data: Uint8Array.of(i & 255) }));
  const entries = await zipEntries(rangesOf(zipFile(parts)));
  expect([entries.length, entries.at(-1)!.name]).toEqual([count, `${count - 1}`]);
  expect(await entries.at(-1)!.bytes()).toEqual(Uint8Array.of((count - 1) & 255));
  for (const said of [2, 4])
    await expect(zipEntries(rangesOf(zipFile(parts.slice(0, 3), said)))).rejects.toThrow(
      /cut off or damaged/,
    );
});
