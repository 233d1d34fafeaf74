import { rangesOfBlob } from '../ranges';
import {
  CONTENT_AT,
  fileOfKey,
  keyOfFile,
  LARGE_ARTIFACT,
  sealArtifact,
  sealedPieces,
  unsealArtifact,
  unsealFile,
} from './envelope';
import { isMissing, isOvertaken } from './opfs-missing';
import type { ArtifactStore } from './store';

/** A file of a store, without its content. */
export interface StoredFile {
  key: string;
  bytes: number;
  /** When it was written, in milliseconds since 1970. */
  written: number;
}

export interface OpfsStore extends ArtifactStore {
  /** What `keys` lists, with sizes and dates. */
  files(): Promise<StoredFile[]>;
}

/**
 * A store in the browser's origin-private file system, in the folder `name`. A file appears as a whole when its stream is closed;
 * what a crash of the browser may leave half-written, the checksum catches.
 * @throws when the browser refuses private storage (private windows, blocked site data): use `memoryStore` then.
 */
export async function opfsStore(name = 'lethe-artifacts'): Promise<OpfsStore> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(name, { create: true });

  const open = async (key: string): Promise<File | undefined> => {
    try {
      return await (await folder.getFileHandle(fileOfKey(key))).getFile();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  /** What `read` makes of a file. Another tab may remove or replace it at any moment: it then counts as absent. */
  async function readingOf<T>(key: string, read: (file: File) => Promise<T>): Promise<T | undefined> {
    const file = await open(key);
    try {
      return file && (await read(file));
    } catch (error) {
      if (isOvertaken(error)) return undefined;
      throw error;
    }
  }

  async function keys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const entry of folder.keys()) {
      const key = keyOfFile(entry);
      if (key) keys.push(key);
    }
    return keys.sort();
  }

  return {
    keys,
    async files() {
      const sized = (await keys()).map(async (key): Promise<StoredFile[]> => {
        const file = await open(key);
        return file ? [{ key, bytes: file.size, written: file.lastModified }] : [];
      });
      return (await Promise.all(sized)).flat();
    },
    get: (key) =>
      readingOf(key, async (file) => {
        if (file.size > LARGE_ARTIFACT) return unsealFile(rangesOfBlob(file));
        return unsealArtifact(new Uint8Array(await file.arrayBuffer()));
      }),
    read: (key, from, to) =>
      readingOf(key, async (file) => {
        const part = file.slice(CONTENT_AT + from, CONTENT_AT + to);
        return new Uint8Array(await part.arrayBuffer());
      }),
    async put(key, bytes, watch) {
      const name = fileOfKey(key);
      const isLarge = bytes.length > LARGE_ARTIFACT;
      const pieces = isLarge ? sealedPieces(bytes, watch) : [{ at: 0, bytes: await sealArtifact(bytes) }];
      const handle = await folder.getFileHandle(name, { create: true });
      const stream = await handle.createWritable();
      try {
        let writing: Promise<void> | undefined;
        for (const { at, bytes } of pieces) {
          await writing;
          // The next piece is hashed while this one is written.
          writing = stream.write({ type: 'write', position: at, data: bytes });
          writing.catch(() => undefined);
        }
        await writing;
        await stream.close();
      } catch (error) {
        // A stream that failed, for example for lack of space, may be closed already.
        await stream.abort().catch(() => undefined);
        // The handle has made an empty file where there was none.
        const left = await handle.getFile().catch(() => undefined);
        if (left?.size === 0) await folder.removeEntry(name).catch(() => undefined);
        throw error;
      }
    },
    async has(key) {
      // A handle made by `put` exists, empty, before its first stream is closed.
      return ((await open(key))?.size ?? 0) > 0;
    },
    async delete(key) {
      await folder.removeEntry(fileOfKey(key)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
  };
}
