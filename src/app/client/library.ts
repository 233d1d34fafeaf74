import * as Comlink from 'comlink';
import type { LibraryApi } from '../../lab/library/library-api';
import { createWaits } from '../../lab/waits';
import { openWorker } from './open-worker';

/** The library of studies, which lives in a worker of its own: results may have megabytes. */
export interface Library {
  /** Asks the worker, which is started for the first question. Rejects where there is no storage or no worker, with a sentence. */
  ask<T>(use: (api: Comlink.Remote<LibraryApi>) => Promise<T>): Promise<T>;
}

const GONE = 'The library of studies cannot be reached: reload the page.';
const NO_STORAGE =
  'The browser gives this page no storage, so no study is kept: open it in a tab of its own, in a window that is not private.';

/** @param start makes the worker */
export function createLibrary(
  start = () =>
    new Worker(new URL('../../../workers/library.worker.ts', import.meta.url), { type: 'module' }),
): Library {
  let opened: { api: Comlink.Remote<LibraryApi>; wait<T>(answer: Promise<T>): Promise<T> } | undefined;

  function open() {
    if (opened) return opened;
    const worker = openWorker(start);
    const waits = createWaits();
    worker.addEventListener('error', () => {
      opened = undefined;
      worker.terminate();
      waits.end(new Error(GONE));
    });
    opened = { api: Comlink.wrap<LibraryApi>(worker), wait: waits.wait };
    return opened;
  }

  return {
    async ask(use) {
      if (!globalThis.navigator?.storage?.getDirectory) throw new Error(NO_STORAGE);
      const { api, wait } = open();
      return wait(use(api));
    },
  };
}
