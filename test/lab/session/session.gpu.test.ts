import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabEvent } from '../../../src/lab/lab-api';
import { registries } from '../../../src/lab/session/all-registries';
import { createSession } from '../../../src/lab/session/session';
import { memoryStore } from '../../../src/lab/store/memory';
import type { Study } from '../../../src/lab/study/study';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import { smallStudy } from '../../support/small-study';

const recipe = { epochs: 3, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };
const studyOf = (strategy: string, method: string): Study => ({
  ...smallStudy,
  pretrain: recipe,
  oracle: recipe,
  runs: [{ strategy, method, alpha: 0.3, seed: 0, unlearn: { epochs: 3, lr: 0.1, batch: 16 } }],
});

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

function lab(store = memoryStore(), onEvent: (event: LabEvent) => void = () => {}) {
  let time = 0;
  return createSession({
    registries,
    openEngine: async () => engine,
    readAsset: async (path) =>
      new Uint8Array(await readFile(new URL(`../../../public/${path}`, import.meta.url))),
    store,
    emit: onEvent,
    // A clock so fast that no event is held back.
    now: () => (time += 1000),
    checkpointSeconds: Number.POSITIVE_INFINITY,
  });
}

test.each([
  ['del', 'reset-finetune', 12],
  ['small-gradient', 'msg', 12],
  ['small-gradient', 'bad-teacher', 15],
])('%s and %s: a training stopped in the middle of an epoch goes on with the same bits', async (...of) => {
  const [strategy, method, unlearnSteps] = of;
  const study = studyOf(strategy, method);
  const run = `${strategy}-${method}-a0.3-s0`;
  const whole = lab();
  await whole.run(study);
  const exports = ['original', 'oracle', 'run', 'mask', 'scores'] as const;
  const expected = await Promise.all(exports.map((what) => whole.export(what, run)));

  const store = memoryStore();
  for (const stage of ['pretrain', 'oracle', 'unlearn'] as const) {
    const session = lab(store, (event) => {
      // In the middle of the third epoch (five or four steps each).
      const last = { pretrain: 12, oracle: 10, unlearn: unlearnSteps - 2 }[stage];
      if (event.type === 'step' && event.ref.stage === stage && event.step === last) void session.cancel();
    });
    await expect(session.run(study)).rejects.toMatchObject({ name: 'AbortError' });
    expect((await store.keys()).filter((key) => key.endsWith('.state'))).toHaveLength(1);
  }
  let steps = 0;
  const resumed = lab(store, (event) => {
    // Comparisons take steps of their own.
    if (event.type === 'step' && event.ref.stage === 'unlearn') steps++;
  });
  await resumed.run(study);
  // The unlearning goes on behind the step that was in hand.
  expect(steps).toBe(2);
  for (const [i, what] of exports.entries())
    expect(await resumed.export(what, run), what).toEqual(expected[i]);
});

test('a study in half precision has numbers of its own, the same every time, and leaves those of float32 alone', async () => {
  const single = studyOf('del', 'reset-finetune');
  const half: Study = { ...single, precision: 'float16' };
  const session = lab();
  const run = 'del-reset-finetune-a0.3-s0';
  const weights = async (study: Study, by = session) => {
    await by.run(study);
    return Promise.all((['original', 'run'] as const).map((what) => by.export(what, run)));
  };
  const [first, rounded] = [await weights(single), await weights(half)];
  expect(rounded).not.toEqual(first);
  expect(await weights(half, lab())).toEqual(rounded);
  expect(await weights(single, lab())).toEqual(first);
});
