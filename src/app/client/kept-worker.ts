import * as Comlink from 'comlink';
import { createWaits } from '../../lab/waits';
import { openWorker } from './open-worker';

/** A worker of the page that is started for the first question and kept. One that fails is started anew by the next. */
export interface KeptWorker<Api> {
  /** Rejects where the page may start no workers, and with the sentence of `keepWorker` when the worker fails. */
  ask<T>(use: (api: Comlink.Remote<Api>) => Promise<T>): Promise<T>;
}

/** @param start makes the worker @param gone what is said when it fails, one sentence */
export function keepWorker<Api>(start: () => Worker, gone: string): KeptWorker<Api> {
  let opened: { api: Comlink.Remote<Api>; wait<T>(answer: Promise<T>): Promise<T> } | undefined;

  function open() {
    if (opened) return opened;
    const worker = openWorker(start);
    const waits = createWaits();
    worker.addEventListener('error', () => {
      opened = undefined;
      worker.terminate();
      waits.end(new Error(gone));
    });
    opened = { api: Comlink.wrap<Api>(worker), wait: waits.wait };
    return opened;
  }

  return {
    async ask(use) {
      const { api, wait } = open();
      return wait(use(api));
    },
  };
}
