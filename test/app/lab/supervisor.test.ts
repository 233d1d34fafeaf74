import * as Comlink from 'comlink';
import { describe, expect, it, vi } from 'vitest';
import { createSupervisor, type LabWorker, WorkerDied } from '../../../src/app/lab/supervisor';
import type { LabApi, LabEvent, StageRef } from '../../../src/lab/session/events';
import type { StudyResult } from '../../../src/lab/study/result';
import type { Study } from '../../../src/lab/study/study';

const study = { name: 'a study' } as Study;
const result = { study } as StudyResult;
const ref: StageRef = { study: 'h', stage: 'pretrain', key: 'k', runs: [] };

/** A worker over a message channel whose `run` is given; `kill` ends it as the operating system would. */
function fakeWorker(run: (emit: (event: LabEvent) => void) => Promise<StudyResult>) {
  const { port1, port2 } = new MessageChannel();
  let emit: (event: LabEvent) => void = () => {};
  const api = {
    subscribe: async (listener: (event: LabEvent) => void) => void (emit = listener),
    run: () => run((event) => emit(event)),
  } as unknown as LabApi;
  Comlink.expose(api, port1);
  let kill!: (reason: string) => void;
  const died = new Promise<string>((resolve) => {
    kill = resolve;
  });
  const worker: LabWorker = {
    port: port2,
    died,
    terminate() {
      port1.close();
      port2.close();
    },
  };
  return { worker, kill };
}

const forever = () => new Promise<never>(() => {});

describe('supervisor', () => {
  it('starts no worker before the first call', () => {
    const start = vi.fn();
    createSupervisor({ start, onEvent: () => {}, onRestart: () => {} });
    expect(start).not.toHaveBeenCalled();
  });

  it('rejects a pending call when the worker dies', async () => {
    const { worker, kill } = fakeWorker(forever);
    const supervisor = createSupervisor({ start: () => worker, onEvent: () => {}, onRestart: () => {} });
    const pending = supervisor.call((api) => api.run(study));
    kill('out of memory');
    await expect(pending).rejects.toThrow(WorkerDied);
  });

  it('takes a study up again in a new worker and says so', async () => {
    const first = fakeWorker(forever);
    const second = fakeWorker(async () => result);
    const start = vi.fn().mockReturnValueOnce(first.worker).mockReturnValueOnce(second.worker);
    const onRestart = vi.fn();
    const supervisor = createSupervisor({ start, onEvent: () => {}, onRestart });
    const pending = supervisor.run(study);
    first.kill('The worker ended.');
    await expect(pending).resolves.toEqual(result);
    expect(onRestart).toHaveBeenCalledExactlyOnceWith(
      'The worker ended. The study goes on from its last checkpoint.',
    );
    supervisor.close();
  });

  it('starts anew after a lost device', async () => {
    const first = fakeWorker(async (emit) => {
      emit({ type: 'device-lost', message: 'The GPU was lost.' });
      return forever();
    });
    const second = fakeWorker(async () => result);
    const start = vi.fn().mockReturnValueOnce(first.worker).mockReturnValueOnce(second.worker);
    const supervisor = createSupervisor({ start, onEvent: () => {}, onRestart: () => {} });
    await expect(supervisor.run(study)).resolves.toEqual(result);
    supervisor.close();
  });

  it('gives up when worker after worker dies without finishing a stage', async () => {
    const start = vi.fn(() => {
      const fake = fakeWorker(forever);
      queueMicrotask(() => fake.kill('dead'));
      return fake.worker;
    });
    const supervisor = createSupervisor({ start, onEvent: () => {}, onRestart: () => {} });
    await expect(supervisor.run(study)).rejects.toThrow(WorkerDied);
    expect(start).toHaveBeenCalledTimes(3);
  });

  it('passes events on, and none of a worker that was closed', async () => {
    let emit!: (event: LabEvent) => void;
    const { worker } = fakeWorker(async (given) => {
      emit = given;
      emit({ type: 'stage-done', ref, cached: false, seconds: 1 });
      return forever();
    });
    const seen: LabEvent[] = [];
    const supervisor = createSupervisor({
      start: () => worker,
      onEvent: (event) => seen.push(event),
      onRestart: () => {},
    });
    const pending = supervisor.run(study).catch((error: Error) => error.name);
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    supervisor.close();
    await expect(pending).resolves.toBe('AbortError');
  });
});
