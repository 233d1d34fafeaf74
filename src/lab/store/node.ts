import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileName, keyOf, seal, unseal } from './envelope';
import type { ArtifactStore } from './store';

/** Writes a file so that after a crash at any point either the old or the whole new content stands there. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** A store in a folder, which is made when the first artifact is put. For Node only. */
export function fileStore(folder: string): ArtifactStore {
  const path = (key: string) => join(folder, fileName(key));
  return {
    async get(key) {
      try {
        return unseal(await readFile(path(key)));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    put: (key, bytes) => writeWhole(path(key), seal(bytes)),
    async has(key) {
      try {
        return (await stat(path(key))).size > 0;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    delete: (key) => rm(path(key), { force: true }),
    async keys() {
      try {
        const names = await readdir(folder);
        return names.flatMap((name) => keyOf(name) ?? []).sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
  };
}

/** Whether a file system's error says that the file is not there. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
