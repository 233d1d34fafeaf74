import type { LibraryApi } from '../../lab/library/library-api';
import { type KeptWorker, keepWorker } from './kept-worker';

/**
 * The library of studies, which lives in a worker of its own: results may have megabytes. A question also rejects where there is no storage,
 * with a sentence.
 */
export type Library = KeptWorker<LibraryApi>;

const GONE = 'The library of studies cannot be reached: reload the page.';
const NO_STORAGE =
  'The browser gives this page no storage, so no study is kept: open it in a tab of its own, in a window that is not private.';

/** @param start makes the worker */
export function createLibrary(
  start = () =>
    new Worker(new URL('../../../workers/library.worker.ts', import.meta.url), { type: 'module' }),
): Library {
  const worker = keepWorker<LibraryApi>(start, GONE);
  return {
    async ask(use) {
      if (!globalThis.navigator?.storage?.getDirectory) throw new Error(NO_STORAGE);
      return worker.ask(use);
    },
  };
}
