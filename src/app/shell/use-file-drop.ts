import { useEffect, useState } from 'react';
import { folderOfEntry, folderOfHandle, type ResultFolder } from '../folder/result-folder';
import { useController } from '../state/context';

/** Where the browser lets pages look into a dropped folder again (Chromium). */
type HandleItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/** The folder that was dropped, if it is one. Must be asked before the drop's event is over. */
function droppedFolder(item: HandleItem | undefined): (() => Promise<ResultFolder>) | undefined {
  const entry = item?.webkitGetAsEntry();
  if (!entry?.isDirectory) return undefined;
  const handle = item?.getAsFileSystemHandle?.();
  return async () => {
    const directory = await handle;
    return directory
      ? folderOfHandle(directory as FileSystemDirectoryHandle)
      : folderOfEntry(entry as FileSystemDirectoryEntry);
  };
}

/** Opens a file or folder that is dropped anywhere on the page; true while one is held over it. */
export function useFileDrop(): boolean {
  const controller = useController();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files');
    const onOver = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    // Also fired on the way from one element to the next; only leaving the window has no related target.
    const onLeave = (event: DragEvent) => {
      if (!event.relatedTarget) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(false);
      const folder = droppedFolder(event.dataTransfer?.items[0]);
      const file = event.dataTransfer?.files[0];
      if (folder) folder().then(controller.folders.open);
      else if (file) controller.openFile(file);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [controller]);
  return over;
}
