import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CONTENT_AT, fileName, keyOf, seal, unseal } from './envelope';
import { processMark, stateOf } from './node-process';
import { refused } from './refused';
import type { ArtifactStore } from './store';

const DRAFT = '.draft';

/** A folder is made where there is none, or has to be there: who removes one in which a study is at work means it. */
export type FolderOf = 'made' | 'there';

/**
 * Writes a file so that at any point, also after a crash, either the old or the whole new content stands there, whoever else
 * writes the same file from whichever machine.
 * @throws RefusedError when the file system does not take it.
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  folder: FolderOf = 'made',
): Promise<void> {
  // It says whose it is: what a killed process left can be told from what another one is writing.
  const draft = `${path}.${processMark()}.${randomUUID()}${DRAFT}`;
  let file: FileHandle | undefined;
  try {
    if (folder === 'made') await mkdir(dirname(path), { recursive: true });
    file = await open(draft, 'wx');
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file?.close();
    if (file) await rm(draft, { force: true });
    throw refused(error, path);
  }
}

/** The bytes of a file from `from` to before `to`, fewer where it ends before. */
export async function readRange(path: string, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
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

/** No write takes so long: an older draft is of a process that was killed, on whichever machine. */
const ABANDONED_MS = 3_600_000;

/**
 * Removes what killed processes left half-written in a folder, but no draft that another process may be writing now.
 * @param file only drafts of this file
 */
export async function sweepDrafts(folder: string, file = ''): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.endsWith(DRAFT) || !name.startsWith(file && `${file}.`)) continue;
    const path = join(folder, name);
    const mark = name.split('.').at(-3) ?? '';
    if (stateOf(mark) === 'gone' || (await ageOf(path)) > ABANDONED_MS)
      await rm(path, { force: true }).catch(() => undefined);
  }
}

async function ageOf(path: string): Promise<number> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs;
}

/** A store in a folder. For Node only. */
export function fileStore(folder: string, made: FolderOf = 'made'): ArtifactStore {
  const path = (key: string) => join(folder, fileName(key));
  let swept: Promise<void> | undefined;
  return {
    async get(key) {
      try {
        return await unseal(await readFile(path(key)));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async read(key, from, to) {
      try {
        return await readRange(path(key), CONTENT_AT + from, CONTENT_AT + to);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async put(key, bytes) {
      const file = path(key);
      // At once: the caller may change the bytes meanwhile.
      const sealing = seal(bytes);
      await (swept ??= sweepDrafts(folder));
      await writeWhole(file, await sealing, made);
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
