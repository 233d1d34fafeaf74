import { afterEach, expect, test, vi } from 'vitest';
import { LARGE_ARTIFACT, sealArtifact } from '../../../src/lab/store/envelope';
import { opfsStore } from '../../../src/lab/store/opfs';

afterEach(() => vi.unstubAllGlobals());

/** A store in a folder of one file, which `file` gives when it is opened. */
function storeOf(file: () => Promise<Blob>) {
  const folder = { getFileHandle: async () => ({ getFile: file }) };
  const root = { getDirectoryHandle: async () => folder };
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } });
  return opfsStore();
}

/** A file that is gone, or another one, by the time its bytes are asked for. */
function overtaken(name: string, size = 100): Blob {
  const fails = async () => {
    throw new DOMException('The file changed.', name);
  };
  return { size, arrayBuffer: fails, slice: () => ({ arrayBuffer: fails }) } as unknown as Blob;
}

test('private file store: gives back what a file holds, whole and in ranges', async () => {
  const sealed = await sealArtifact(Uint8Array.of(1, 2, 3));
  const store = await storeOf(async () => new Blob([sealed]));
  expect(await store.get('aa')).toEqual(Uint8Array.of(1, 2, 3));
  expect(await store.read('aa', 1, 3)).toEqual(Uint8Array.of(2, 3));
});

test('private file store: a file that is removed or replaced while it is read counts as absent', async () => {
  for (const name of ['NotFoundError', 'NotReadableError']) {
    for (const size of [100, LARGE_ARTIFACT + 1]) {
      const store = await storeOf(async () => overtaken(name, size));
      expect(await store.get('aa'), name).toBeUndefined();
      expect(await store.read('aa', 0, 2), name).toBeUndefined();
    }
  }
  const refused = await storeOf(async () => overtaken('SecurityError'));
  await expect(refused.get('aa')).rejects.toThrow('The file changed.');
  await expect(refused.read('aa', 0, 2)).rejects.toThrow('The file changed.');
});
