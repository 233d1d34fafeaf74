import type { Remote } from 'comlink';
import type { LabApi } from '../../lab/session/events';
import type { Supervisor } from './supervisor';

/** Questions to the lab about a study that is not running, one at a time. */
export interface Questions {
  /** Asks; a question that is still open is cancelled and rejects with an AbortError. */
  ask<T>(question: (api: Remote<LabApi>) => Promise<T>): Promise<T>;
  /** Cancels what is open; resolves when the lab is free. */
  stop(): Promise<void>;
}

export function createQuestions(supervisor: Pick<Supervisor, 'call'>): Questions {
  let open: Promise<unknown> | undefined;
  let latest: symbol | undefined;

  async function end(): Promise<void> {
    if (!open) return;
    supervisor.call((api) => api.cancel()).catch(() => {});
    await open.catch(() => {});
  }

  return {
    async ask(question) {
      const own = Symbol('question');
      latest = own;
      await end();
      if (latest !== own) throw new DOMException('Something else was asked.', 'AbortError');
      const answer = supervisor.call(question);
      open = answer;
      try {
        return await answer;
      } finally {
        if (open === answer) open = undefined;
      }
    },
    async stop() {
      latest = undefined;
      await end();
    },
  };
}
