import type { Remote } from 'comlink';
import type { LabApi } from '../../lab/lab-api';
import type { Supervisor } from './supervisor';

/** Questions to the lab about a study that is not running, one at a time. */
export interface Questions {
  /** Asks; a question that is still open is cancelled and rejects with an AbortError. */
  ask<T>(question: (api: Remote<LabApi>) => Promise<T>): Promise<T>;
  /** Asks without cancelling anything: undefined while another question is open. */
  askIfFree<T>(question: (api: Remote<LabApi>) => Promise<T>): Promise<T> | undefined;
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

  /** Puts a question to the lab, which is free. */
  async function put<T>(question: (api: Remote<LabApi>) => Promise<T>): Promise<T> {
    const answer = supervisor.call(question);
    open = answer;
    try {
      return await answer;
    } finally {
      if (open === answer) open = undefined;
    }
  }

  return {
    async ask(question) {
      const own = Symbol('question');
      latest = own;
      await end();
      if (latest !== own) throw new DOMException('Something else was asked.', 'AbortError');
      return put(question);
    },
    askIfFree: (question) => (open ? undefined : put(question)),
    async stop() {
      latest = undefined;
      await end();
    },
  };
}
