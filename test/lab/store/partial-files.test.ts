import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folderFiles } from '../../../src/lab/store/node-files';
import { memoryFiles } from '../../../src/lab/store/partial-files';

const folder = mkdtempSync(join(tmpdir(), 'lethe-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['memory', () => memoryFiles(1e9)],
  ['a folder that is not there yet', () => folderFiles(join(folder, 'deep', 'down'))],
])('partial files in %s: grow, and are read from any position', async (_, open) => {
  const files = open();
  expect(await files.free()).toBeGreaterThan(0);
  expect(await files.size('a.b')).toBe(0);
  await files.append('a.b', Uint8Array.of(1, 2, 3));
  await files.append('a.b', Uint8Array.of(4, 5));
  expect(await files.size('a.b')).toBe(5);
  const part = await files.read('a.b', 1, 4);
  expect([...part]).toEqual([2, 3, 4]);
  // Readers use the buffer behind the array, so it must hold these bytes alone.
  expect(part.buffer.byteLength).toBe(3);
  expect([...(await files.read('a.b', 3, 99))].slice(0, 2)).toEqual([4, 5]);
  await files.delete('a.b');
  await files.delete('a.b');
  expect(await files.size('a.b')).toBe(0);
});
