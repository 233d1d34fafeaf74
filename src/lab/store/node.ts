import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CONTENT_AT,
  fileOfKey,
  keyOfFile,
  LARGE_ARTIFACT,
  type SealedPiece,
  sealArtifact,
  sealedPieces,
  unsealArtifact,
  unsealFile,
} from './envelope';
import { processMark, stateOf } from './node-process';
import { refusalOf } from './refused';
import type { ArtifactStore } from './store';

const DRAFT = '.draft';

/** Whether a missing folder is made, or is an error: a folder that was removed while a study ran in it must not come back half empty. */
export type FolderOf = 'made' | 'there';

/**
 * Writes a file atomically: after a crash, or with several machines writing the same file, it holds either the old or the whole
 * new content.
 * @throws RefusedError when the file system does not take it.
 */
export async function writeWhole(
  path: string,
  content: Uint8Array | string | Iterable<SealedPiece>,
  folder: FolderOf = 'made',
): Promise<void> {
  // The mark tells a draft of a killed process from one that is being written.
  const draft = `${path}.${processMark()}.${randomUUID()}${DRAFT}`;
  let file: FileHandle | undefined;
  try {
    if (folder === 'made') await mkdir(dirname(path), { recursive: true });
    file = await open(draft, 'wx');
    if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
    else for (const { at, bytes } of content) await writeAt(file, bytes, at);
    await file.sync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file?.close();
    if (file) await rm(draft, { force: true });
    throw refusalOf(error, path);
  }
}

/** A write may take less than it is given. */
async function writeAt(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
}

/** The bytes of a file from `from` to before `to`, fewer where it ends before, none where that is no range. */
export async function readFileRange(
  path: string,
  from: number,
  to: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(Math.max(0, to - from));
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

/** No write takes so long: an older draft was left by a killed process, on whichever machine. */
const ABANDONED_MS = 3_600_000;

/**
 * Removes drafts of killed processes from a folder, but none that another process may still be writing.
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
  const path = (key: string) => join(folder, fileOfKey(key));
  let swept: Promise<void> | undefined;
  return {
    async get(key) {
      try {
        const { size } = await stat(path(key));
        if (size <= LARGE_ARTIFACT) return await unsealArtifact(await readFile(path(key)));
        const slice = async (from: number, to = size) => (await readFileRange(path(key), from, to)).buffer;
        return await unsealFile({ byteLength: size, slice }, createHash('sha256'));
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
    async put(key, bytes, watch) {
      const file = path(key);
      // The caller may change the bytes as soon as this returns, so all but large ones are copied before anything is awaited.
      const isLarge = bytes.length > LARGE_ARTIFACT;
      const sealing = isLarge ? sealedPieces(bytes, watch, createHash('sha256')) : sealArtifact(bytes);
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
