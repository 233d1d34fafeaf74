import type { PageFile } from '../../../lab/lab-api';
import { tellsResults } from '../../../lab/results/progress-log';
import { fileOfKey } from '../../../lab/store/envelope';
import { isMissing } from '../../../lab/store/opfs-missing';
import { isSandboxed } from '../open-worker';

/** A file of a result folder at one moment. */
export interface FolderFile {
  /** From the folder on, with `/`. */
  path: string;
  size: number;
  /** Milliseconds since 1970, by the clock of the machine that wrote it. */
  changed: number;
  /** The bytes from `from` to before `to`, as UTF-8. */
  text(from?: number, to?: number): Promise<string>;
}

/** A folder that `lethe run` writes, however the page reaches it. */
export interface ResultFolder {
  name: string;
  /** Whether `list` sees what changes; otherwise it tells what was there when the folder was opened. */
  live: boolean;
  /** The part of the page's address that opens it again, if any does. */
  address?: string;
  /** The sealed artifact of a key, where the page may see artifacts; undefined where there is none. */
  artifact?(key: string): Promise<Blob | undefined>;
  /** The files that tell results. Rejects when the folder is not there any more. */
  list(): Promise<FolderFile[]>;
}

/** The part of the page's address with which `lethe follow` opens it. */
export const FOLLOW_ADDRESS = '#follow';

/** A folder as it was when it was chosen, where the browser lets a page read it only once. @param files with paths that begin with the folder's name */
export function folderOfFiles(files: readonly PageFile[]): ResultFolder {
  const name = files[0]?.path.split('/')[0] ?? 'The folder';
  const inside = files.map(({ path, file }) => ({ path: path.slice(name.length + 1), file }));
  const listed = inside.filter(({ path }) => tellsResults(path)).map(({ path, file }) => fileOf(path, file));
  return {
    name,
    live: false,
    list: async () => listed,
    artifact: async (key) => inside.find(({ path }) => path === `${ARTIFACTS}/${fileOfKey(key)}`)?.file,
  };
}

/** A folder that the page may read again and again: chosen or dropped in Chromium. */
export function folderOfHandle(handle: FileSystemDirectoryHandle): ResultFolder {
  const filesIn = async (folder: FileSystemDirectoryHandle, prefix = ''): Promise<FolderFile[]> => {
    const found: FolderFile[] = [];
    for await (const [name, child] of folder.entries()) {
      const path = prefix + name;
      if (child.kind === 'directory' && HOLDERS.includes(path))
        found.push(...(await filesIn(child as FileSystemDirectoryHandle, `${path}/`)));
      if (child.kind === 'file' && tellsResults(path)) {
        // Removed since it was listed: left out.
        const file = await (child as FileSystemFileHandle).getFile().catch(() => undefined);
        if (file) found.push(fileOf(path, file));
      }
    }
    return found;
  };
  return {
    name: handle.name,
    live: true,
    list: () => filesIn(handle),
    async artifact(key) {
      try {
        const folder = await handle.getDirectoryHandle(ARTIFACTS);
        return await (await folder.getFileHandle(fileOfKey(key))).getFile();
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

/** Chromium's access to a dropped folder that can be read again and again. */
type HandleItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/**
 * The folder of results that was dropped; undefined where it was something else. Call it while the drop event is handled.
 * @param files what the drop holds, for browsers that show a folder only once
 */
export async function folderOfDrop(
  items: DataTransferItemList,
  files: Promise<PageFile[]>,
): Promise<ResultFolder | undefined> {
  // To ask for a folder's handle there ends Chromium's process.
  if (isSandboxed()) return undefined;
  const [item, ...more] = items;
  const entry = item?.webkitGetAsEntry();
  if (!entry?.isDirectory || more.length > 0) return undefined;
  const handle = (item as HandleItem).getAsFileSystemHandle?.();
  const isOfResults = await new Promise<boolean>((resolve) => {
    const found = (is: boolean) => () => resolve(is);
    (entry as FileSystemDirectoryEntry).getFile('study.json', {}, found(true), found(false));
  });
  if (!isOfResults) return undefined;
  const folder = await handle;
  return folder ? folderOfHandle(folder as FileSystemDirectoryHandle) : folderOfFiles(await files);
}

const ARTIFACTS = 'artifacts';
/** Folders below the top that tell results. */
const HOLDERS = ['parts', 'progress'];

const fileOf = (path: string, file: File): FolderFile => ({
  path,
  size: file.size,
  changed: file.lastModified,
  text: (from, to) => file.slice(from, to).text(),
});
