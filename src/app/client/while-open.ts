import { LetheError } from '../../lab/settings';
import type { Study } from '../../lab/study/study';
import type { AppStore } from '../state/store';
import type { NoticeAction } from '../state/ui-slice';

/** Edits of the study that is open now, for as long as it is. */
export interface WhileOpen {
  /** @throws LetheError where another study was opened since. */
  edit(change: (study: Study) => Study): void;
  /** The button that takes an edit back; where another study is open it says so. */
  undo(change: (study: Study) => Study): NoticeAction;
}

/**
 * For what takes its time and then changes the study: it must not change another one, which may have been opened meanwhile.
 * @param what is read: `masks.npz`
 */
export function whileOpen(store: AppStore, what: string): WhileOpen {
  const { opened } = store.getState();
  const isOpen = () => store.getState().opened === opened;
  const change = (of: (study: Study) => Study) => store.getState().editStudy(of(store.getState().study));
  return {
    edit(of) {
      if (!isOpen())
        throw new LetheError(
          `Another study was opened while ${what} was read: open it again for the one that you mean.`,
        );
      change(of);
    },
    undo: (of) => ({
      label: 'Undo',
      takesBack: true,
      run() {
        if (isOpen()) change(of);
        else store.getState().notify(`“${opened.name}” is no longer open, so ${what} was not taken back.`);
      },
    }),
  };
}
