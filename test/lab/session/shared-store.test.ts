import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../../src/lab/nn/safetensors';
import type { Locks } from '../../../src/lab/store/locks';
import { memoryStore } from '../../../src/lab/store/memory';
import { fakeLab, tinyStudy } from '../../support/fake-lab';
import { withoutTimes } from '../../support/timeless';

test('session: artifacts that the store has lost are computed again for an export, with the same bits', async () => {
  const store = memoryStore();
  const study = tinyStudy({}, { strategy: 'salloc' });
  const runs = ['del-tune-a0.3-s0', 'salloc-tune-a0.3-s0'];
  const exportAll = async ({ session }: ReturnType<typeof fakeLab>) => {
    const files: Record<string, Uint8Array> = {};
    for (const id of runs)
      for (const what of ['original', 'oracle', 'run', 'mask', 'scores'] as const)
        files[`${what} of ${id}`] = await session.export(what, id);
    return files;
  };
  const first = fakeLab(store);
  await first.session.run(study);
  const whole = await exportAll(first);
  const scores = Object.keys(decodeSafetensors(whole[`scores of ${runs[0]}`]!));
  expect(scores.some((name) => name.startsWith('G.'))).toBe(true);
  for (const key of await store.keys()) {
    const kept = (await store.get(key))!;
    await store.delete(key);
    expect(await exportAll(first), `${key} lost after the run`).toEqual(whole);
    await store.put(key, kept);
    // Lost before: what the run has no need of is missed only by the export.
    await store.delete(key);
    const again = fakeLab(store);
    await again.session.run(study);
    expect(await exportAll(again), `${key} lost before the run`).toEqual(whole);
  }
});

/** Locks of one process, told of everyone who waits. */
function locksHere(onWait: (name: string) => void): Locks {
  const held = new Map<string, Promise<unknown>>();
  return {
    async hold(name, work, options = {}) {
      while (held.has(name)) {
        onWait(name);
        options.onWait?.();
        await held.get(name)!.catch(() => undefined);
      }
      const done = work(options.signal).finally(() => held.delete(name));
      held.set(name, done);
      return done;
    },
  };
}

test('session: of two that share a store none computes what the other does, and waiting is reported', async () => {
  const alone = fakeLab();
  const expected = await alone.session.run(tinyStudy({}, { method: 'twice' }));
  const store = memoryStore();
  const waits: string[] = [];
  const locks = locksHere((name) => waits.push(name));
  const [one, other] = [fakeLab(store, 0, locks), fakeLab(store, 0, locks)];
  const study = tinyStudy({}, { method: 'twice' });
  const results = await Promise.all([one.session.run(study), other.session.run(study)]);
  for (const result of results) expect(withoutTimes(result)).toEqual(withoutTimes(expected));
  expect(one.engine.steps + other.engine.steps).toBe(alone.engine.steps);
  expect(waits.length).toBeGreaterThan(0);
  const told = [...one.events, ...other.events].filter(
    (event) => event.type === 'stage-progress' && event.progress.waiting,
  );
  expect(told.length).toBe(waits.length);
});
