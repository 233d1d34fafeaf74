import { expect, test } from 'vitest';
import type { LabEvent } from '../../../src/lab/lab-api';
import { partsOf } from '../../../src/lab/plan/parts';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { decodeArtifact, encodeArtifact } from '../../../src/lab/stages/common/artifact';
import { memoryStore } from '../../../src/lab/store/memory';
import { parseResult } from '../../../src/lab/study/parse-result';
import { parseStudy } from '../../../src/lab/study/schema';
import type { RunSpec, Study } from '../../../src/lab/study/study';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';
import { withoutTimes } from '../../support/timeless';

const attacked = (shadows: number, ...runs: Partial<RunSpec>[]): Study => ({
  ...tinyStudy(...runs),
  lira: { shadows },
});
const started = (events: LabEvent[], name: string) =>
  events.filter((event) => event.type === 'stage-started' && event.ref.stage === name).length;

test('the attack stands among a run’s metrics, with the number of shadow models', async () => {
  const { session, events } = fakeLab();
  const result = await session.run(attacked(4));
  const { metrics } = result.runs[0]!;
  expect(metrics.liraShadows).toBe(4);
  // 16 forget examples: a false-positive rate of 1 % cannot be told.
  expect(Object.keys(metrics).filter((id) => id.startsWith('lira'))).toEqual([
    'liraAccuracy',
    'liraAuc',
    'liraShadows',
  ]);
  expect(result.oracle.metrics).not.toHaveProperty('liraAuc');
  const { liraCurve } = result.runs[0]!;
  expect([liraCurve?.falsePositives.at(-1), liraCurve?.truePositives.at(-1)]).toEqual([16, 16]);
  expect(parseResult(JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, result, problems: [] });
  const told = events.filter((event) => event.type === 'metrics' && event.of === 'run');
  expect(told.at(-1)).toMatchObject({ metrics, liraCurve, deltas: result.runs[0]!.deltas });
});

test('a curve of the attack that cannot be is left out and named, and the rest of the result is taken', async () => {
  const result = await fakeLab().session.run(attacked(4));
  const [run] = result.runs;
  const { liraCurve: _, ...without } = run!;
  for (const liraCurve of [
    { falsePositives: [0, 16], truePositives: [0, 8, 16] },
    { falsePositives: [0, 9, 8, 16], truePositives: [0, 1, 2, 16] },
    { falsePositives: [0, 16], truePositives: [0, 15] },
    { falsePositives: [0, Number.NaN], truePositives: [0, 16] },
    'none',
  ]) {
    const parsed = parseResult({ ...result, runs: [{ ...run, liraCurve }] });
    expect(parsed).toEqual({
      ok: true,
      result: { ...result, runs: [without] },
      problems: [expect.stringMatching(/runs\.0\.liraCurve.*U-LiRA/)],
    });
  }
});

test('an attack of a version that kept no curve is tried anew, and nothing else', async () => {
  const store = memoryStore();
  const lab = fakeLab(store);
  const first = await lab.session.run(attacked(4));
  const { stages } = await lab.session.inspect(attacked(4));
  const { key } = stages.find(({ stage }) => stage === 'lira')!;
  const { note } = decodeArtifact((await store.get(key))!);
  const { curve: _, version: __, ...old } = note as Record<string, unknown>;
  await store.put(key, encodeArtifact({}, old));
  const again = fakeLab(store);
  expect(withoutTimes(await again.session.run(attacked(4)))).toEqual(withoutTimes(first));
  expect(again.events.flatMap((event) => (event.type === 'stage-started' ? [event.ref.stage] : []))).toEqual([
    'data',
    'lira',
  ]);
});

test('shadow models are trained once for all runs and seeds, and more of them only add', async () => {
  const store = memoryStore();
  const first = fakeLab(store);
  await first.session.run(attacked(4, { strategy: ['del', 'salloc'], seed: [0, 1] }));
  expect(started(first.events, 'shadow')).toBe(4);
  expect(started(first.events, 'unlearn-shadow')).toBe(8);
  expect(started(first.events, 'lira')).toBe(4);
  const second = fakeLab(store);
  await second.session.run(attacked(6, { strategy: ['del', 'salloc'], seed: [0, 1] }));
  expect(['pretrain', 'unlearn', 'shadow', 'unlearn-shadow'].map((of) => started(second.events, of))).toEqual(
    [0, 0, 2, 4],
  );
});

test('where an unlearned shadow model diverges the run lacks the attack alone', async () => {
  const { session, engine, onEvent, events } = fakeLab();
  onEvent((event) => {
    if (event.type === 'stage-started' && event.ref.stage === 'unlearn-shadow')
      engine.divergesAt = engine.steps + 1;
  });
  const result = await session.run(attacked(4));
  const [run] = result.runs;
  expect(result.failed?.map(({ id }) => id)).toContain(run!.id);
  expect(run!.metrics.forgetAccuracy).toBeDefined();
  expect(run!.metrics.liraAuc).toBeUndefined();
  // What it does not need is not spared.
  const spared = events.flatMap((event) => (event.type === 'stage-spared' ? [event.ref.stage] : []));
  expect(new Set(spared)).toEqual(new Set(['lira']));
});

test('an attack that was cut off goes on with the same outcome', async () => {
  const whole = await fakeLab().session.run(attacked(4));
  const store = memoryStore();
  for (const stage of ['shadow', 'unlearn-shadow'] as const) {
    const { session, onEvent } = fakeLab(store);
    onEvent((event) => {
      if (event.type === 'step' && event.ref.stage === stage && event.ref.model === 2) void session.cancel();
    });
    await expect(session.run(attacked(4))).rejects.toMatchObject({ name: 'AbortError' });
  }
  const { session, events } = fakeLab(store);
  expect(withoutTimes(await session.run(attacked(4)))).toEqual(withoutTimes(whole));
  // The last pair's second model was not begun.
  expect(started(events, 'shadow')).toBe(1);
  expect(started(events, 'unlearn-shadow')).toBe(2);
});

test('without the attack nothing about a study’s stages changes; its parts bring their shadow models', () => {
  const plain = planStudy(tinyStudy(), fakeRegistries);
  const plan = planStudy(attacked(4), fakeRegistries);
  const keys = plan.stages.map(({ key }) => key);
  expect(keys.slice(0, plain.stages.length)).toEqual(plain.stages.map(({ key }) => key));
  const parts = partsOf(plan, fakeRegistries);
  expect(new Set(parts.flatMap(({ stages }) => [...stages])).size).toBe(plan.stages.length);
  expect(parts.at(-1)!.needs).toEqual([
    'original-s0',
    'oracle-s0',
    'shadow-0',
    'shadow-1',
    'shadow-2',
    'shadow-3',
  ]);
});

test('a single image to forget is refused before a shadow model is trained, two are enough', async () => {
  const picked = (indices: number[]): Study => ({
    ...attacked(4),
    forget: { rule: 'manual', settings: { indices } },
  });
  const { session, events } = fakeLab();
  await expect(session.run(picked([3]))).rejects.toThrow('U-LiRA needs two forget images or more.');
  expect(events.some((event) => event.type === 'step' && event.ref.stage === 'shadow')).toBe(false);
  const { runs } = await fakeLab().session.run(picked([3, 7]));
  expect(runs[0]!.metrics.liraShadows).toBe(4);
});

test('too few or an odd number of shadow models are refused, and given weights have none', () => {
  for (const shadows of [1, 2, 5]) {
    const parsed = parseStudy(attacked(shadows));
    expect(parsed).toMatchObject({ ok: true, problems: [expect.stringMatching(/shadows/)] });
  }
  expect(parseStudy(attacked(8))).toMatchObject({ study: { lira: { shadows: 8 } }, problems: [] });
  const given = planStudy({ ...attacked(4), weights: { file: 'w.safetensors' } }, fakeRegistries);
  expect(given.problems).toEqual([expect.stringMatching(/given weights/)]);
  expect(given.stages.some(({ stage }) => stage === 'shadow')).toBe(false);
});
