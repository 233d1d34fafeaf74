import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { openRanges } from '../../../../src/cli/file-ranges';
import { zipEntries } from '../../../../src/lab/nn/readers/zip-directory';
import { rangesOf, readRange } from '../../../../src/lab/ranges';
import { ramp } from '../../../support/data-files';
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

/** A zip of one file whose last byte was changed since it was packed. */
async function changed({ packed = false, crc }: { packed?: boolean; crc?: number } = {}) {
  const data = ramp(1000);
  const wrong = crc32(data.map((byte, i) => (i === 999 ? byte ^ 4 : byte)));
  const [entry] = await zipEntries(rangesOf(zipFile([{ name: 'a', data, packed, crc: crc ?? wrong }])));
  return { entry: entry!, data };
}

test('zip: a changed byte is damage, stored or packed, whole or when the last of its pieces is read', async () => {
  const refused = /The file is damaged: a in it is not what was packed/;
  for (const packed of [false, true]) {
    const { entry } = await changed({ packed });
    await expect(entry.bytes()).rejects.toThrow(refused);
    // A second attempt reads nothing else.
    await expect(entry.bytes()).rejects.toThrow(refused);
  }
  const { entry, data } = await changed();
  expect(await entry.bytes(0, 400)).toEqual(data.subarray(0, 400));
  // Read out of turn, it is not known yet.
  expect(await entry.bytes(700, 1000)).toEqual(data.subarray(700));
  expect(await entry.bytes(100, 700)).toEqual(data.subarray(100, 700));
  await expect(entry.bytes(600, 1000)).rejects.toThrow(refused);
});

test('zip: a sum of zero is none', async () => {
  for (const packed of [false, true]) {
    const { entry, data } = await changed({ packed, crc: 0 });
    expect(await entry.bytes()).toEqual(data);
  }
});

test('zip: on a disk too, a place behind the end of the file is damage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-'));
  const path = join(folder, 'a.zip');
  const bytes = zipFile([{ name: 'a', data: ramp(9) }]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(bytes.length - 22 - 47 + 42, bytes.length + 26, true);
  writeFileSync(path, bytes);
  try {
    for (const file of [rangesOf(bytes), await openRanges(path)]) {
      const [entry] = await zipEntries(file);
      await expect(entry!.bytes()).rejects.toThrow(/The file is cut off or damaged/);
      for (const [from, to] of [
        [999, 1000],
        [5, 3],
      ] as const) {
        expect(await readRange(file, from, to)).toHaveLength(0);
        expect((await file.slice(from, to)).byteLength).toBe(0);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
