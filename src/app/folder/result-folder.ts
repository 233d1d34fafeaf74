import { tellsResults } from '../../lab/session/progress-log';

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
  /** The files that tell results. Rejects when the folder is not there any more. */
  list(): Promise<FolderFile[]>;
}

/** The part of the page's address with which `lethe follow` opens it. */
export const FOLLOW_ADDRESS = '#follow';

/** Chosen with `<input webkitdirectory>`: what the browser gives is fixed. */
export function folderOfFiles(files: readonly File[]): ResultFolder {
  const named = files.map((file) => {
    const [top, ...rest] = file.webkitRelativePath.split('/');
    return { top, path: rest.join('/'), file };
  });
  const listed = named.filter(({ path }) => tellsResults(path)).map(({ path, file }) => fileOf(path, file));
  return { name: named[0]?.top ?? 'The folder', live: false, list: async () => listed };
}

/** Chosen or dropped where the browser lets pages look again (Chromium). */
export function folderOfHandle(handle: FileSystemDirectoryHandle): ResultFolder {
  const filesIn = async (folder: FileSystemDirectoryHandle, prefix = ''): Promise<FolderFile[]> => {
    const found: FolderFile[] = [];
    for await (const [name, child] of folder.entries()) {
      const path = prefix + name;
      if (child.kind === 'directory' && HOLDERS.includes(path))
        found.push(...(await filesIn(child as FileSystemDirectoryHandle, `${path}/`)));
      if (child.kind === 'file' && tellsResults(path)) {
        // Removed since it was listed: so it is not there.
        const file = await (child as FileSystemFileHandle).getFile().catch(() => undefined);
        if (file) found.push(fileOf(path, file));
      }
    }
    return found;
  };
  return { name: handle.name, live: true, list: () => filesIn(handle) };
}

/** Dropped where pages see a folder only once (Firefox, Safari). */
export async function folderOfEntry(entry: FileSystemDirectoryEntry): Promise<ResultFolder> {
  const filesIn = async (folder: FileSystemDirectoryEntry, prefix = ''): Promise<FolderFile[]> => {
    const found: FolderFile[] = [];
    for (const child of await childrenOf(folder)) {
      const path = prefix + child.name;
      if (child.isDirectory && HOLDERS.includes(path))
        found.push(...(await filesIn(child as FileSystemDirectoryEntry, `${path}/`)));
      if (child.isFile && tellsResults(path)) {
        const file = await new Promise<File>((resolve, reject) =>
          (child as FileSystemFileEntry).file(resolve, reject),
        );
        found.push(fileOf(path, file));
      }
    }
    return found;
  };
  const listed = await filesIn(entry);
  return { name: entry.name, live: false, list: async () => listed };
}

/** Folders below the top that tell results. */
const HOLDERS = ['parts', 'progress'];

const fileOf = (path: string, file: File): FolderFile => ({
  path,
  size: file.size,
  changed: file.lastModified,
  text: (from, to) => file.slice(from, to).text(),
});

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  // Given in portions; an empty one is the last.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children;
    children.push(...some);
  }
}
