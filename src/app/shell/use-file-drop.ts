import { useLayoutEffect, useState } from 'react';
import { LetheError } from '../../lab/settings';
import { useActions, useApp } from '../client/context';
import { droppedFiles } from '../client/dropped-files';
import { folderOfDrop } from '../client/folder/result-folder';

/** Opens files and folders that are dropped anywhere on the page; true while some are held over it. */
export function useFileDrop(): boolean {
  const actions = useActions();
  const notify = useApp(({ notify }) => notify);
  const [over, setOver] = useState(false);
  // Before the page is seen: what was dropped before an ordinary effect ran, on a busy machine, was lost.
  useLayoutEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files');
    // dragenter is cancelled too: over an element that has just appeared under the pointer (when a pane fills, say) it is the only event
    // before the drop (https://html.spec.whatwg.org/multipage/dnd.html#drag-and-drop-processing-model).
    const onOver = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    // Fired between elements too; only leaving the window has no related target. Safari never tells one, but what leaves the window
    // leaves the veil, unless that is not there yet.
    const onLeave = ({ relatedTarget, target }: DragEvent) => {
      const veil = document.querySelector('.drop-veil');
      if (!relatedTarget && (!veil || target === veil)) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(false);
      if (!event.dataTransfer) return;
      // Both read the items before they first wait: the list is emptied when the event is over.
      const files = droppedFiles(event.dataTransfer.items);
      folderOfDrop(event.dataTransfer.items, files)
        .then(async (folder) => (folder ? actions.folders.open(folder) : actions.openFiles(await files)))
        .catch((error: Error) =>
          notify(
            error instanceof LetheError
              ? error.message
              : 'What was dropped cannot be read: it may have been moved or deleted.',
          ),
        );
    };
    window.addEventListener('dragenter', onOver);
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onOver);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [actions, notify]);
  return over;
}
