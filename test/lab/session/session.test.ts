import { expect, test } from 'vitest';
import type { LabEvent } from '../../../src/lab/lab-api';
import type { ModelConfig } from '../../../src/lab/nn/spec';
import type { Settings } from '../../../src/lab/settings';
import { decodeArtifact, encodeArtifact } from '../../../src/lab/stages/common/artifact';
import { memoryStore } from '../../../src/lab/store/memory';
import { decodeFloats } from '../../../src/lab/study/floats';
import { parseResult } from '../../../src/lab/study/parse-result';
import type { Study } from '../../../src/lab/study/study';
import { fakeLab, tinyStudy } from '../../support/fake-lab';
import { quiet } from '../../support/quiet';
import { withoutTimes } from '../../support/timeless';

const started = (events: LabEvent[]) =>
  events.flatMap((event) => (event.type === 'stage-started' ? [event.ref.stage] : []));

test('a study runs through all stages and its result is complete and readable', async () => {
  const { session, events } = fakeLab();
  const result = await session.run(tinyStudy({ seed: [0, 1] }));
  expect(started(events).slice(0, 8)).toEqual([
    'data',
    'pretrain',
    'evaluate',
    'score',
    'mask',
    'oracle',
    'evaluate',
    'unlearn',
  ]);
  expect(result.runs.map(({ id }) => id)).toEqual(['del-tune-a0.3-s0', 'del-tune-a0.3-s1']);
  expect(result.originals.map(({ seed }) => seed)).toEqual([0, 1]);
  expect(result.detail.forget).toHaveLength(16);
  expect(result.detail.maps).toHaveLength(1);
  const [run] = result.runs;
  expect(run!.series.points.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  expect(run!.deltas.testAccuracy).toBe(result.oracle.metrics.testAccuracy! - run!.metrics.testAccuracy!);
  expect(run!.cost).toMatchObject({ steps: 8, examples: 128 });
  expect(run!.cost.changed).toBeGreaterThan(0.5);
  expect(result.original.cost.changed).toBe(0);
  expect(parseResult(JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, result, problems: [] });
});

test('a method that only takes gradients has seen the images that it took them over', async () => {
  const { runs } = await fakeLab().session.run(tinyStudy({ method: 'ssd', unlearn: { batch: 32 } }));
  // 16 forget images, and two whole batches of the 80 in all.
  expect(runs[0]!.cost).toMatchObject({ steps: 0, examples: 16 + 64 });
});

test('seeds have networks of their own, and the forget set in common', async () => {
  const { session } = fakeLab();
  const { originals, oracles, original } = await session.run(tinyStudy({ seed: [0, 1] }));
  const metrics = [...originals, ...oracles].map((outcome) => outcome.metrics.testAccuracy);
  expect(new Set(metrics).size).toBe(4);
  expect(original).toEqual(originals[0]);
});

test('a finished study is only read when it is run again, and a sweep trains only what is new', async () => {
  const store = memoryStore();
  const first = await fakeLab(store).session.run(tinyStudy());
  const again = fakeLab(store);
  const second = await again.session.run(tinyStudy());
  expect(withoutTimes(second)).toEqual(withoutTimes(first));
  expect(again.engine.calls).toEqual(['useDataset', 'createModel']);
  expect(started(again.events)).toEqual(['data']);
  expect(again.events.filter(({ type }) => type === 'series')).toHaveLength(4 + 4 + 3);

  const sweep = fakeLab(store);
  await sweep.session.run(tinyStudy({ alpha: [0.3, 0.5] }, { strategy: 'salloc' }));
  expect(started(sweep.events)).toEqual([
    'data',
    'mask',
    'score',
    'mask',
    'unlearn',
    'evaluate',
    'unlearn',
    'evaluate',
  ]);
  expect(sweep.engine.calls.filter((call) => call === 'gradient')).toEqual([]);
  const inspected = await sweep.session.inspect(tinyStudy({ alpha: 0.5 }));
  expect(inspected.stages.length - inspected.cached.length).toBe(1);
});

const perEpoch = 5;
test.each([
  // Only a method's second training starts from its first.
  { method: 'twice', checkpointSeconds: 0, repeatedSteps: 2 * perEpoch },
  // Without a checkpoint on the way, the one that is written at the cancel loses no step.
  { method: 'tune', checkpointSeconds: Number.POSITIVE_INFINITY, repeatedSteps: 0 },
])(
  'a study ($method) cancelled after any number of units goes on where it stopped, with the same result',
  async ({ method, checkpointSeconds, repeatedSteps }) => {
    const study = tinyStudy({}, { method });
    const whole = fakeLab();
    const expected = await whole.session.run(study);
    for (let stop = 1; ; stop += 3) {
      const store = memoryStore();
      const broken = fakeLab(store, checkpointSeconds);
      let units = 0;
      const attempt = broken.session.run(study);
      // Every computed unit passes the controller; pausing first makes each step one unit.
      await broken.session.pause();
      for (; units < stop; units++) {
        await broken.session.step();
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      const done = await Promise.race([attempt, quiet(broken.events).then(() => undefined)]);
      if (done) break;
      await broken.session.cancel();
      await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
      const finished = broken.events.flatMap((event) => (event.type === 'stage-done' ? [event.ref.key] : []));

      const resumed = fakeLab(store);
      expect(withoutTimes(await resumed.session.run(study)), `stopped after ${stop}`).toEqual(
        withoutTimes(expected),
      );
      const repeated = resumed.events.flatMap((event) =>
        event.type === 'stage-started' && event.ref.stage !== 'data' ? [event.ref.key] : [],
      );
      expect(repeated.filter((key) => finished.includes(key))).toEqual([]);
      const twice = resumed.engine.steps + broken.engine.steps - whole.engine.steps;
      expect(twice).toBeLessThanOrEqual(repeatedSteps);
      for (const key of await store.keys()) expect(key).not.toMatch(/state$/);
    }
  },
  60_000,
);

test('pause holds, step lets exactly one unit through, resume finishes', async () => {
  const { session, engine, events, onEvent } = fakeLab();
  let held = 0;
  onEvent((event) => {
    if (event.type === 'step' && !held) {
      held = engine.steps;
      void session.pause();
    }
  });
  const running = session.run(tinyStudy());
  await quiet(events);
  expect(held).toBeGreaterThan(0);
  expect(engine.steps).toBe(held);
  await session.step();
  await quiet(events);
  expect(engine.steps).toBe(held + 1);
  // Also across the ends of epochs, where the curves are measured.
  const shown = () =>
    events.flatMap((event) => (event.type === 'stage-progress' ? [event.progress.done] : []));
  for (let step = held + 2; step <= 15; step++) {
    await session.step();
    await quiet(events);
    expect(engine.steps).toBe(step);
    expect(shown().at(-1)).toBe(step);
  }
  await session.resume();
  await running;
  expect(events.flatMap((event) => (event.type === 'study-state' ? [event.state] : []))).toEqual([
    'paused',
    'running',
  ]);
});

test('a pause in the first moment is not forgotten when the study starts', async () => {
  const { session, engine, events } = fakeLab();
  const running = session.run(tinyStudy());
  await session.pause();
  await quiet(events);
  expect(engine.steps).toBe(0);
  const told = events.map((event) => (event.type === 'study-state' ? event.state : event.type));
  expect(told.lastIndexOf('paused')).toBeGreaterThan(told.indexOf('study-started'));
  await session.resume();
  await running;
});

test('only one study at a time; a cancelled one leaves the lab usable', async () => {
  const { session } = fakeLab();
  const running = session.run(tinyStudy());
  await expect(session.run(tinyStudy())).rejects.toThrow('already running');
  await session.cancel();
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  await expect(session.run(tinyStudy())).resolves.toMatchObject({ lethe: 1 });
});

test('after a network that could not be made the one before it is made anew', async () => {
  const { session, engine } = fakeLab();
  const study = tinyStudy();
  const first = await session.run(study);
  const { createModel } = engine;
  engine.createModel = async () => {
    throw new Error('no memory');
  };
  const wider = structuredClone(study);
  Object.assign((wider.model as { config: ModelConfig }).config, { widths: [4] });
  await expect(session.run(wider)).rejects.toThrow('no memory');
  engine.createModel = createModel;
  expect(withoutTimes(await session.run(study))).toEqual(withoutTimes(first));
  expect(engine.models).toBe(1);
});

test('a store without space ends a study in a sentence; with space again it goes on from what was stored', async () => {
  const store = memoryStore();
  let full = false;
  const put = async (key: string, bytes: Uint8Array) => {
    if (full) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
    return store.put(key, bytes);
  };
  const { session, events, onEvent } = fakeLab({ ...store, put });
  const trained = (stage: string) => (event: LabEvent) =>
    event.type === 'stage-started' && event.ref.stage === stage;
  onEvent((event) => {
    full ||= trained('oracle')(event);
  });
  const sentence = /^The browser’s storage is full: .+ goes on where it stopped\.$/;
  await expect(session.run(tinyStudy())).rejects.toThrow(sentence);
  expect(events.at(-1)).toMatchObject({ type: 'study-failed', message: expect.stringMatching(sentence) });

  const again = fakeLab(store);
  await again.session.run(tinyStudy());
  expect(again.events.filter(trained('pretrain'))).toEqual([]);
  expect(again.events.filter(trained('oracle'))).toHaveLength(1);
});

test('an artifact that was lost or damaged is made again', async () => {
  const store = memoryStore();
  const first = await fakeLab(store).session.run(tinyStudy());
  for (const key of await store.keys()) {
    await store.delete(key);
    const { session } = fakeLab(store);
    expect(withoutTimes(await session.run(tinyStudy())), key).toEqual(withoutTimes(first));
  }
});

test('an original from the cache shows its end under another forget set', async () => {
  const store = memoryStore();
  await fakeLab(store).session.run(tinyStudy());
  const other = { ...tinyStudy(), forget: { rule: 'class', settings: { classes: [1] } } };
  const { original, oracle } = await fakeLab(store).session.run(other);
  expect(original.series.points.map(({ epoch }) => epoch)).toEqual([3]);
  expect(original.series.sizes.forget).toBe(20);
  expect(oracle.series.points).toHaveLength(4);
});

test('an original from the cache shows its end alone where another study seed followed other images', async () => {
  const ofSeed = (seed: number): Study => ({
    ...tinyStudy(),
    seed,
    data: { source: 'tiny', train: 1000, test: 20 },
    forget: { rule: 'class', settings: { classes: [1] } },
  });
  const alone = await fakeLab().session.run(ofSeed(5));
  const store = memoryStore();
  await fakeLab(store).session.run(ofSeed(0));
  const { original } = await fakeLab(store).session.run(ofSeed(5));
  const { epoch, forget, answers } = alone.original.series.points.at(-1)!;
  expect(original.series.points).toMatchObject([{ epoch, forget, answers }]);

  // A note of a version that did not keep the seed is believed.
  for (const key of (await store.keys()).filter((key) => key.endsWith('.note'))) {
    const { seed, ...old } = decodeArtifact((await store.get(key))!).note as { seed: number };
    expect(seed).toBeTypeOf('number');
    await store.put(key, encodeArtifact({}, old));
  }
  const again = await fakeLab(store).session.run(ofSeed(0));
  expect(again.original.series.points).toHaveLength(4);
});

test('numbers that an earlier version measured in another way are measured anew, nothing else is', async () => {
  const store = memoryStore();
  const first = await fakeLab(store).session.run(tinyStudy());
  for (const key of await store.keys()) {
    const { tensors, note } = decodeArtifact((await store.get(key))!);
    const { version, metrics, ...others } = (note ?? {}) as { version?: number; metrics?: object };
    if (version)
      await store.put(key, encodeArtifact(tensors, { ...others, metrics: { ...metrics, mia: 100 } }));
  }
  const { session, events } = fakeLab(store);
  expect(withoutTimes(await session.run(tinyStudy()))).toEqual(withoutTimes(first));
  const computed = events.flatMap((event) =>
    event.type === 'stage-done' && !event.cached ? [event.ref.stage] : [],
  );
  expect(new Set(computed)).toEqual(new Set(['data', 'evaluate']));
});

test('planted labels are what everything is trained and measured on, and leave no trace in the next study', async () => {
  const { session, engine, store } = fakeLab();
  const plain = await session.run(tinyStudy());
  const study = { ...tinyStudy(), forget: { rule: 'mislabelled', settings: { share: 0.2 } } };
  const planted = await session.run(study);
  const { forget, planted: labels } = planted.detail;
  expect(labels).toHaveLength(forget.length);
  // The tiny data's labels go round.
  expect(labels!.filter((label, i) => label === forget[i]! % 4)).toEqual([]);
  // The fake network's outputs hang on the labels of the data it is given: on true ones these would be others.
  const elsewhere = fakeLab();
  expect(withoutTimes(await elsewhere.session.run(study))).toEqual(withoutTimes(planted));
  expect(parseResult(JSON.parse(JSON.stringify(planted)))).toMatchObject({ ok: true, result: planted });

  const picked = { ...study, forget: { rule: 'manual', settings: { indices: forget } } };
  const unplanted = await fakeLab().session.run(picked);
  expect(unplanted.oracle.metrics.testAccuracy).toBe(planted.oracle.metrics.testAccuracy);
  expect(unplanted.oracle.metrics.forgetAccuracy).not.toBe(planted.oracle.metrics.forgetAccuracy);

  engine.calls.length = 0;
  for (const key of await store.keys()) await store.delete(key);
  expect(withoutTimes(await session.run(tinyStudy()))).toEqual(withoutTimes(plain));
  expect(engine.calls).toContain('useDataset');
});

test('a forget set chosen by memorization is known after its subset models, which later studies share', async () => {
  const ranked = (settings: Settings): Study => ({
    ...tinyStudy(),
    forget: { rule: 'memorized', settings: { share: 0.2, epochs: 2, ...settings } },
  });
  const store = memoryStore();
  const first = fakeLab(store);
  const result = await first.session.run(ranked({ models: 5 }));
  expect(started(first.events).slice(0, 8)).toEqual([
    'data',
    ...new Array<string>(5).fill('subset'),
    'memorization',
    'pretrain',
  ]);
  const types = first.events.map(({ type }) => type);
  expect(types.indexOf('forget-set')).toBe(types.indexOf('memorization') + 1);
  const { forget, memorization } = result.detail;
  expect(memorization).toMatchObject({ models: 5, share: 0.7 });
  const scores = decodeFloats(memorization!.scores);
  const rest = scores.filter((_, i) => !forget.includes(i));
  expect(forget).toHaveLength(16);
  expect(Math.min(...forget.map((i) => scores[i]!))).toBeGreaterThanOrEqual(Math.max(...rest));
  expect(parseResult(JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, result, problems: [] });
  const whole = first.events.flatMap((event) => (event.type === 'study-progress' ? [event] : [])).at(-1)!;
  expect(whole.done).toBeCloseTo(whole.total, 6);

  const more = fakeLab(store);
  await more.session.run(ranked({ models: 7, end: 'lowest' }));
  expect(started(more.events).filter((stage) => stage === 'subset')).toHaveLength(2);
  expect(started(more.events)).not.toContain('pretrain');

  const again = fakeLab(store);
  expect(withoutTimes(await again.session.run(ranked({ models: 5 })))).toEqual(withoutTimes(result));
  expect(again.engine.steps).toBe(0);

  // Killed in the second epoch of the third model.
  const broken = fakeLab();
  broken.onEvent((event) => {
    if (event.type === 'step' && event.ref.model === 2 && event.step > 3) void broken.session.cancel();
  });
  await expect(broken.session.run(ranked({ models: 5 }))).rejects.toMatchObject({ name: 'AbortError' });
  const resumed = fakeLab(broken.store);
  expect(withoutTimes(await resumed.session.run(ranked({ models: 5 })))).toEqual(withoutTimes(result));
  expect(resumed.engine.steps + broken.engine.steps - first.engine.steps).toBeLessThanOrEqual(3);
});
