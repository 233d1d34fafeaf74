import * as Comlink from 'comlink';
import type { LabApi, LabEvent } from '../../lab/lab-api';
import type { StudyResult } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { createWaits, type Waits } from '../../lab/waits';

/** The worker ended while a call was waiting for it. */
export class WorkerDied extends Error {
  override name = 'WorkerDied';
}

/** A started worker and the promise that tells when it is no more. */
export interface LabWorker {
  port: Comlink.Endpoint;
  /** Resolves, never rejects, with what is known of the reason; with an error where another worker would fare no better. */
  died: Promise<string | Error>;
  terminate(): void;
}

export interface Supervisor {
  /** Starts the worker when there is none; rejects with `WorkerDied` when it ends before it answers. */
  call<T>(use: (api: Comlink.Remote<LabApi>) => Promise<T>): Promise<T>;
  /** Runs a study to its end; goes on from the last checkpoint when worker or device are lost on the way. */
  run(study: Study): Promise<StudyResult>;
  /** Ends the worker; pending calls reject. */
  close(): void;
}

export interface SupervisorOptions {
  start: () => LabWorker;
  /** Given events in batches. */
  onEvents: (events: LabEvent[]) => void;
  /** Told why, in one sentence for people, when a study has to be taken up again. */
  onRestart: (reason: string) => void;
}

/** A running worker: its interface, and the calls that wait for it. */
interface Opened {
  api: Comlink.Remote<LabApi>;
  wait: Waits['wait'];
  end(error: Error): void;
}

/** A study is taken up again this often without a finished stage in between before it counts as failed. */
const RESTARTS = 2;

/**
 * Owns the worker. Comlink alone leaves calls hanging when its worker dies: here its end rejects them.
 */
export function createSupervisor({ start, onEvents, onRestart }: SupervisorOptions): Supervisor {
  let current: Opened | undefined;
  let restartsLeft = RESTARTS;

  function open(): Opened {
    if (current) return current;
    const worker = start();
    const waits = createWaits();
    const end = (error: Error) => {
      if (current === opened) current = undefined;
      worker.terminate();
      waits.end(error);
    };
    const opened: Opened = { api: Comlink.wrap<LabApi>(worker.port), wait: waits.wait, end };
    current = opened;
    worker.died.then((reason) => end(typeof reason === 'string' ? new WorkerDied(reason) : reason));
    const listener = (events: LabEvent[]) => {
      if (current !== opened) return;
      if (events.some(({ type }) => type === 'stage-done')) restartsLeft = RESTARTS;
      const lost = events.find((event) => event.type === 'device-lost');
      // Events after a device loss only report a failed study; whether it failed is decided here, after restarts.
      onEvents(lost ? events.slice(0, events.indexOf(lost) + 1) : events);
      // A worker whose device is lost is of no use any more.
      if (lost) end(new WorkerDied(`The graphics device was lost (${lost.message.replace(/\.$/, '')}).`));
    };
    opened.api.subscribe(Comlink.proxy(listener)).catch(() => {});
    return opened;
  }

  // Async, so that a worker that cannot be started rejects.
  async function call<T>(use: (api: Comlink.Remote<LabApi>) => Promise<T>): Promise<T> {
    const { api, wait } = open();
    return wait(use(api));
  }

  async function run(study: Study): Promise<StudyResult> {
    restartsLeft = RESTARTS;
    for (;;) {
      try {
        return await call((api) => api.run(study));
      } catch (error) {
        if (!(error instanceof WorkerDied) || restartsLeft === 0) throw error;
        restartsLeft--;
        onRestart(error.message);
      }
    }
  }

  return {
    call,
    run,
    close() {
      current?.end(new DOMException('The lab was closed.', 'AbortError'));
    },
  };
}
