import type { PageFile } from '../../lab/lab-api';

/** The files of a drop, those of dropped folders with their path from there. */
export async function droppedFiles(items: DataTransferItemList): Promise<PageFile[]> {
  // Read at once: the list is emptied when the event is over. A file that comes from no disk (from a mail, say) has no entry.
  const dropped = [...items].flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? []);
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
