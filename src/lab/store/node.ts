import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CONTENT_AT, fileOfKey, keyOfFile, sealArtifact, unsealArtifact } from './envelope';
import { refusalOf } from './refused';
import type { ArtifactStore } from './store';

const DRAFT = '.draft';

/**
 * Writes a file atomically: after a crash, or with several machines writing the same file, it holds either the old or the whole
 * new content.
 * @throws RefusedError when the file system does not take it.
 */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  const draft = `${path}.${randomUUID()}${DRAFT}`;
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    file = await open(draft, 'wx');
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file?.close();
    if (file) await rm(draft, { force: true });
    throw refusalOf(error, path);
  }
}

/** The bytes of a file from `from` to before `to`, fewer where it ends before. */
export async function readFileRange(
  path: string,
  from: number,
  to: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(to - from);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled < bytes.length ? bytes.slice(0, filled) : bytes;
  } finally {
    await file.close();
  }
}

/** No write takes so long: an older draft was left by a killed process. */
const ABANDONED_MS = 3_600_000;

/** Removes drafts of killed processes, but none so young that another process may still be writing it. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((candidate) => candidate.endsWith(DRAFT))) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(path, { force: true });
  }
}

/** A store in a folder, which is made when the first artifact is put. For Node only. */
export function fileStore(folder: string): ArtifactStore {
  const path = (key: string) => join(folder, fileOfKey(key));
  let swept: Promise<void> | undefined;
  return {
    async get(key) {
      try {
        return await unsealArtifact(await readFile(path(key)));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async read(key, from, to) {
      try {
        return await readFileRange(path(key), CONTENT_AT + from, CONTENT_AT + to);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async put(key, bytes) {
      const file = path(key);
      // The caller may change the bytes as soon as this returns, so they are copied before anything is awaited.
      const sealing = sealArtifact(bytes);
      await (swept ??= sweep(folder));
      await writeWhole(file, await sealing);
    },
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
        return names.flatMap((name) => keyOfFile(name) ?? []).sort();
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
