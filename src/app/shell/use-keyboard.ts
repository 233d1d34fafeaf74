import { useEffect } from 'react';
import { useActions, useApp } from '../client/context';
import { PAGE_VIEWS } from '../state/page-views';
import { isAtWork } from '../state/view';
import { TAKES_LETTERS, TEXT_FIELDS } from '../ui/takes-letters';

/** Elements that handle the space key themselves: everything focusable but the targets of jumps (`tabindex="-1"`). */
const OWNERS =
  'input, textarea, select, button, summary, a, [role="dialog"], [tabindex="0"], [contenteditable]';

const viewOfKey = (key: string) => PAGE_VIEWS.find((view) => view.key === key)?.id;

/** The page's keys; those of single panes belong to the panes. */
export function useKeyboard(): void {
  const actions = useActions();
  const setUi = useApp((state) => state.setUi);
  const setPage = useApp((state) => state.setPage);
  const undo = useApp((state) => state.undo);
  const redo = useApp((state) => state.redo);
  const atWork = useApp(({ view }) => (isAtWork(view) ? view?.state : undefined));
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as Element;
      const typing = target.closest(TEXT_FIELDS);
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !typing) {
        event.preventDefault();
        if (event.shiftKey) redo();
        else undo();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest(TAKES_LETTERS)) return;
      if (event.key === '?') setUi({ help: true });
      else if (event.key === '.') actions.step();
      else if (viewOfKey(event.key)) setPage(viewOfKey(event.key)!);
      // Starts nothing: on a page that scrolls, space is for scrolling. The run button, when it has the focus, takes it for itself.
      else if (event.key === ' ' && atWork && !target.closest(OWNERS)) {
        event.preventDefault();
        if (atWork === 'running') actions.pause();
        else actions.run();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [actions, setUi, setPage, undo, redo, atWork]);
}
