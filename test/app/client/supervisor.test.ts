import * as Comlink from 'comlink';
import { describe, expect, it, vi } from 'vitest';
import { createSupervisor, type LabWorker, WorkerDied } from '../../../src/app/client/supervisor';
import type { LabApi, LabEvent } from '../../../src/lab/lab-api';
import type { StageRef } from '../../../src/lab/plan/plan';
import { LetheError } from '../../../src/lab/settings';
import type { StudyResult } from '../../../src/lab/study/result';
import type { Study } from '../../../src/lab/study/study';

const study = { name: 'a study' } as Study;
const result = { study } as StudyResult;
const ref: StageRef = { study: 'h', stage: 'pretrain', key: 'k', runs: [] };

/** A worker over a message channel whose `run` is given; `kill` ends it as the operating system would. */
function fakeWorker(run: (emit: (...events: LabEvent[]) => void) => Promise<StudyResult>) {
  const { port1, port2 } = new MessageChannel();
  let emit: (events: LabEvent[]) => void = () => {};
  const api = {
    subscribe: async (listener: (events: LabEvent[]) => void) => void (emit = listener),
    run: () => run((...events) => emit(events)),
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
    createSupervisor({ start, onEvents: () => {}, onRestart: () => {} });
    expect(start).not.toHaveBeenCalled();
  });

  it('rejects a pending call when the worker dies', async () => {
    const { worker, kill } = fakeWorker(forever);
    const supervisor = createSupervisor({ start: () => worker, onEvents: () => {}, onRestart: () => {} });
    const pending = supervisor.call((api) => api.run(study));
    kill('out of memory');
    await expect(pending).rejects.toThrow(WorkerDied);
  });

  it('takes a study up again in a new worker and says so', async () => {
    const first = fakeWorker(forever);
    const second = fakeWorker(async () => result);
    const start = vi.fn().mockReturnValueOnce(first.worker).mockReturnValueOnce(second.worker);
    const onRestart = vi.fn();
    const supervisor = createSupervisor({ start, onEvents: () => {}, onRestart });
    const pending = supervisor.run(study);
    first.kill('The worker ended.');
    await expect(pending).resolves.toEqual(result);
    expect(onRestart).toHaveBeenCalledExactlyOnceWith('The worker ended.');
    supervisor.close();
  });

  it('starts a new worker after a lost device and withholds the failure that the old one reported', async () => {
    const lost: LabEvent = { type: 'device-lost', message: 'The GPU was lost.' };
    const first = fakeWorker(async (emit) => {
      emit(lost, { type: 'study-failed', study: 'h', message: 'The device was lost.' });
      return forever();
    });
    const seen: LabEvent[] = [];
    const second = fakeWorker(async () => result);
    const start = vi.fn().mockReturnValueOnce(first.worker).mockReturnValueOnce(second.worker);
    const supervisor = createSupervisor({
      start,
      onEvents: (events) => seen.push(...events),
      onRestart: () => {},
    });
    await expect(supervisor.run(study)).resolves.toEqual(result);
    expect(seen).toEqual([lost]);
    supervisor.close();
  });

  it('gives up when worker after worker dies without finishing a stage', async () => {
    const start = vi.fn(() => {
      const fake = fakeWorker(forever);
      queueMicrotask(() => fake.kill('dead'));
      return fake.worker;
    });
    const supervisor = createSupervisor({ start, onEvents: () => {}, onRestart: () => {} });
    await expect(supervisor.run(study)).rejects.toThrow(WorkerDied);
    expect(start).toHaveBeenCalledTimes(3);
  });

  it('does not try again what would fail again: a worker that is not there, or may not be started', async () => {
    const { worker } = fakeWorker(forever);
    const missing = new LetheError('The lab could not be loaded: reload the page.');
    const start = vi.fn(() => ({ ...worker, died: Promise.resolve(missing) }));
    const onRestart = vi.fn();
    const supervisor = createSupervisor({ start, onEvents: () => {}, onRestart });
    await expect(supervisor.run(study)).rejects.toBe(missing);
    expect(start).toHaveBeenCalledTimes(1);
    start.mockImplementation(() => {
      throw missing;
    });
    await expect(supervisor.run(study)).rejects.toBe(missing);
    await expect(supervisor.call((api) => api.device())).rejects.toBe(missing);
    expect(onRestart).not.toHaveBeenCalled();
  });

  it('passes events on, but none from a closed worker', async () => {
    let emit!: (...events: LabEvent[]) => void;
    const { worker } = fakeWorker(async (given) => {
      emit = given;
      emit({ type: 'stage-done', ref, cached: false, seconds: 1 });
      return forever();
    });
    const seen: LabEvent[] = [];
    const supervisor = createSupervisor({
      start: () => worker,
      onEvents: (events) => seen.push(...events),
      onRestart: () => {},
    });
    const pending = supervisor.run(study).catch((error: Error) => error.name);
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    supervisor.close();
    await expect(pending).resolves.toBe('AbortError');
  });
});
