import { useEffect, useState } from 'react';
import { droppedFiles } from '../lab/dropped-files';
import { useApp, useController } from '../state/context';

/** Opens files and folders that are dropped anywhere on the page; true while some are held over it. */
export function useFileDrop(): boolean {
  const controller = useController();
  const notify = useApp(({ notify }) => notify);
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
      if (event.dataTransfer)
        droppedFiles(event.dataTransfer.items).then(controller.openFiles, () =>
          notify('What was dropped cannot be read: it may have been moved or deleted.'),
        );
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [controller, notify]);
  return over;
}
