import { expect, test } from 'vitest';
import { comparisons } from '../../../src/lab/compare';
import { keptSettings, readKept } from '../../../src/lab/compare/comparison';
import { sizesOf } from '../../../src/lab/plan/cost';
import { partsOf } from '../../../src/lab/plan/parts';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { MOST_ANSWERED } from '../../../src/lab/plan/samples';
import { joinParts } from '../../../src/lab/results/build-result';
import { compare } from '../../../src/lab/stages/compare';
import { memoryStore } from '../../../src/lab/store/memory';
import { parseResult } from '../../../src/lab/study/parse-result';
import type { StudyPart } from '../../../src/lab/study/result';
import type { Study } from '../../../src/lab/study/study';
import { comparingRegistries, fakeLab, tinyStudy } from '../../support/fake-lab';
import { withoutTimes } from '../../support/timeless';

const kept = comparisons.entries.filter(({ keeping }) => keeping);
const study = tinyStudy({ strategy: ['del', 'salloc'], seed: [0, 1] }, { method: 'twice', seed: [0, 1] });
const plan = planStudy(study, comparingRegistries);
const lab = (store = memoryStore()) => fakeLab(store, 0, undefined, comparingRegistries);

test('compare: a result keeps what comparisons found of every model, of single images for one seed, and it can be read again', async () => {
  const result = await lab().session.run(study);
  const { comparisons: records = [] } = result.detail;
  for (const seed of [0, 1])
    for (const { id, keeping } of kept) {
      const own = records.filter((record) => record.comparison === id && record.seed === seed);
      if (keeping!.firstSeedOnly && seed !== 0) {
        expect(own).toEqual([]);
        continue;
      }
      const runs = result.runs.flatMap((run) => (run.seed === seed ? [run.id] : []));
      const oracle = own.some(({ model }) => model === 'oracle') ? ['oracle'] : [];
      expect(own.map(({ model }) => model)).toEqual([...oracle, 'original', ...runs]);
    }
  for (const { comparison, found, settings, problem } of records) {
    const entry = comparisons.get(comparison);
    expect(problem).toBeUndefined();
    expect(settings).toEqual(keptSettings(entry));
    expect(readKept(entry, found), comparison).toEqual(found);
  }
  expect(parseResult(JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, result, problems: [] });
});

test('compare: what is found of a model does not depend on the others, nor on where the study stopped', async () => {
  const whole = lab();
  const expected = await whole.session.run(study);
  const store = memoryStore();
  const broken = lab(store);
  let compared = 0;
  broken.onEvent((event) => {
    if (event.type === 'compared' && ++compared === kept.length + 2) void broken.session.cancel();
  });
  await expect(broken.session.run(study)).rejects.toMatchObject({ name: 'AbortError' });
  const again = lab(store);
  expect(withoutTimes(await again.session.run(study))).toEqual(withoutTimes(expected));
  const computed = again.events.filter(
    (event) => event.type === 'stage-started' && event.ref.stage === compare.id,
  );
  const planned = plan.stages.filter(({ stage }) => stage === compare.id);
  expect(computed.length).toBe(planned.length - compared);

  const alone = await lab().session.run(tinyStudy({ strategy: 'salloc', seed: 1 }));
  const ofRun = ({ detail }: typeof alone) =>
    detail.comparisons!.filter(
      ({ model, comparison }) =>
        model === 'salloc-tune-a0.3-s1' && !comparisons.get(comparison).keeping!.firstSeedOnly,
    );
  expect(ofRun(alone)).not.toEqual([]);
  expect(ofRun(alone)).toEqual(ofRun(expected));
});

test('compare: comparisons are a part of their own, which a result can do without', async () => {
  const parts = partsOf(plan, comparingRegistries);
  const last = parts.slice(-2);
  expect(last.map(({ id }) => id)).toEqual(['compare-s0', 'compare-s1']);
  expect([...last[1]!.needs].sort()).toEqual(
    [
      'original-s1',
      'oracle-s1',
      ...parts.flatMap(({ of, seed, id }) => (of === 'run' && seed === 1 ? [id] : [])),
    ].sort(),
  );
  const isComparison = new Set(plan.stages.filter(({ stage }) => stage === compare.id).map(({ key }) => key));
  for (const { stages } of parts.slice(0, -2))
    expect([...stages].filter((key) => isComparison.has(key))).toEqual([]);

  const store = memoryStore();
  const done: StudyPart[] = [];
  for (const { id } of parts) done.push(await lab(store).session.runParts(study, [id]));
  const whole = await lab().session.run(study);
  expect(withoutTimes(joinParts(plan, done, comparingRegistries))).toEqual(withoutTimes(whole));
  expect(joinParts(plan, done.slice(0, -2), comparingRegistries).detail.comparisons).toBeUndefined();
});

test('compare: a set without images, or a copy that diverges, is said and ends nothing', async () => {
  const all = lab();
  const { session, engine } = lab();
  await all.session.run(tinyStudy());
  // Everything but relearning is computed without steps; the last one of all is of the run's copy.
  engine.divergesAt = all.engine.steps;
  const { detail, failed } = await session.run(tinyStudy());
  expect(failed).toBeUndefined();
  const problems = detail.comparisons!.filter(({ problem }) => problem !== undefined);
  expect(problems.map(({ comparison, model }) => [comparison, model])).toEqual([
    ['relearning', 'del-tune-a0.3-s0'],
  ]);
  expect(problems[0]!.problem).toMatch(/no longer a number/);
});

test('compare: no step, gradient or evaluation of a study with split batches computes more images at once', async () => {
  const strategies = tinyStudy(
    { strategy: 'critmem', localize: { examples: 2, batch: 64 } },
    { strategy: 'del' },
  );
  const { session, engine } = lab();
  await session.run({ ...strategies, microBatch: 4 });
  expect(engine.atOnce).toBe(4);
  const whole = lab();
  await whole.session.run(strategies);
  expect(whole.engine.atOnce).toBeGreaterThan(4);
});

test('compare: split batches are a matter of the comparison that trains', () => {
  const file = (digit: string) => ({ file: `${digit}.pth`, sha256: digit.repeat(64) });
  const own = tinyStudy();
  const given: Study = { ...own, weights: file('0'), oracle: { ...own.oracle, weights: file('1') } };
  const keysOf = (of: Study) =>
    new Map(
      planStudy(of, comparingRegistries).stages.flatMap(({ stage, key, about }) =>
        stage === compare.id && about!.startsWith('original') ? [[about!.split(': ')[1]!, key]] : [],
      ),
    );
  const plain = keysOf(given);
  const split = keysOf({ ...given, microBatch: 4 });
  const changed = [...plain].filter(([id, key]) => split.get(id) !== key).map(([id]) => id);
  expect(changed).toEqual(['relearning']);
});

test('compare: a study can do without', () => {
  const without = planStudy({ ...study, compare: false }, comparingRegistries);
  const left = plan.stages.filter(({ stage }) => stage !== compare.id).map(({ key }) => key);
  expect(without.stages.map(({ key }) => key)).toEqual(left);
});

test('compare: helps that tell of all forget images name the most that a study looks at', () => {
  const helps = comparisons.entries.flatMap(({ settings }) =>
    settings.map(({ help }) => help).filter((help) => help.includes('among all forget images')),
  );
  expect(helps).toHaveLength(2);
  for (const help of helps) expect(help).toContain(MOST_ANSWERED.forget.toLocaleString('en-US'));
});

test('compare: the estimate counts both models', () => {
  const sizes = sizesOf({ forget: 20, retain: 60, test: 20 });
  const work = plan.stages
    .filter(({ stage, about }) => stage === compare.id && about === 'original (seed 0): relearning')
    .map((stage) => compare.work(stage as never, sizes, comparingRegistries));
  // 16 steps on all 20 images, 17 looks at them, each twice; an image that is only looked at counts a third.
  expect(work).toEqual([2 * 16 * 20 + (2 * 17 * 20) / 3]);
});
