import type { PageFile } from '../../lab/lab-api';
import { LetheError } from '../../lab/settings';
import { isSandboxed } from './open-worker';

/**
 * The files of a drop, those of dropped folders with their path from there.
 * @throws LetheError for folders where the page may not look into them.
 */
export async function droppedFiles(items: DataTransferItemList): Promise<PageFile[]> {
  // Read at once: the list is emptied when the event is over. A file that comes from no disk (from a mail, say) has no entry, and in a
  // sandboxed frame no entry can be read.
  const dropped = [...items].flatMap((item) => {
    const entry = item.webkitGetAsEntry();
    return entry?.isDirectory ? entry : (item.getAsFile() ?? entry ?? []);
  });
  if (isSandboxed() && dropped.some((each) => !(each instanceof File)))
    throw new LetheError(
      'This page stands in a sandboxed frame, which may not look into folders: open it in a tab of its own.',
    );
  return (await Promise.all(dropped.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry | File): Promise<PageFile[]> {
  if (entry instanceof File) return [{ path: entry.name, file: entry }];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  // A reader gives some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(filesOf))).flat();
}
