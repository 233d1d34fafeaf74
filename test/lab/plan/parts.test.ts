import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf, restrictPlan } from '../../../src/lab/plan/parts';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { joinParts } from '../../../src/lab/results/build-result';
import { memoryStore } from '../../../src/lab/store/memory';
import { parsePart } from '../../../src/lab/study/parse-result';
import type { StudyPart } from '../../../src/lab/study/result';
import { LETHE_VERSION } from '../../../src/lab/version';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';
import { withoutTimes } from '../../support/timeless';

const study = tinyStudy(
  { strategy: ['del', 'salloc'], alpha: [0.1, 0.3], seed: [0, 1] },
  // Takes no mask: one part for both strategies.
  { strategy: ['del', 'random'], method: 'twice' },
);
const plan = planStudy(study, fakeRegistries);
const ids = partsOf(plan, fakeRegistries).map(({ id }) => id);
const join = (parts: StudyPart[]) => joinParts(plan, parts, fakeRegistries);

/** What a study run in one go finds, and one part per part, made in one store. */
async function wholeAndParts() {
  const whole = await fakeLab().session.run(study);
  const store = memoryStore();
  const parts: StudyPart[] = [];
  for (const id of ids) parts.push(await fakeLab(store).session.runParts(study, [id]));
  return { whole, parts };
}

test('a result says which versions made its parts, each once; none where no part says one', async () => {
  const { whole, parts } = await wholeAndParts();
  expect(whole.version).toBe(LETHE_VERSION);
  expect(join(parts).version).toBe(LETHE_VERSION);
  const [first, second, ...rest] = parts;
  const { version: _, ...unsaid } = second!;
  expect(join([{ ...first!, version: '0.9.0' }, unsaid, ...rest]).version).toBe(`0.9.0 + ${LETHE_VERSION}`);
  expect('version' in join(parts.map(({ version: __, ...part }) => part))).toBe(false);
});

test('the parts of a study cover every stage, and each run once', () => {
  const parts = partsOf(plan, fakeRegistries);
  expect(new Set(parts.flatMap(({ stages }) => [...stages])).size).toBe(plan.stages.length);
  expect(parts.flatMap(({ runs }) => runs).sort()).toEqual(plan.runs.map(({ run }) => run.id).sort());
  expect(ids.filter((id) => /^(original|oracle)/.test(id))).toEqual([
    'original-s0',
    'original-s1',
    'oracle-s0',
    'oracle-s1',
  ]);
  for (const { needs, of } of parts) expect(needs.length).toBe(of === 'original' ? 0 : 1);
});

test('parts done one by one, in any order and anyhow grouped, make the result of one process', async () => {
  const { whole, parts } = await wholeAndParts();
  fc.assert(
    fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), (shuffled) => {
      expect(withoutTimes(join(shuffled))).toEqual(withoutTimes(whole));
    }),
    { numRuns: 10 },
  );
  const grouped = fakeLab();
  const half = Math.floor(ids.length / 2);
  const both = [
    await grouped.session.runParts(study, ids.slice(half)),
    await grouped.session.runParts(study, ids.slice(0, half)),
  ];
  expect(withoutTimes(join(both))).toEqual(withoutTimes(whole));
});

test('a part needs no other process: what it misses it computes, to the same outcome', async () => {
  const { parts } = await wholeAndParts();
  for (const [i, id] of ids.entries()) {
    const alone = await fakeLab().session.runParts(study, [id]);
    expect(withoutTimes(alone), id).toEqual(withoutTimes(parts[i]));
  }
});

test('a part does nothing that another one does', async () => {
  const store = memoryStore();
  await fakeLab(store).session.runParts(study, ['original-s0']);
  const { session, events } = fakeLab(store);
  await session.runParts(study, ['del-tune-a0.1-s0']);
  const started = events.flatMap((event) => (event.type === 'stage-started' ? [event.ref.stage] : []));
  expect(started).toEqual(['data', 'mask', 'unlearn', 'evaluate']);
});

test('what does not belong together, or is not all, is no result', async () => {
  const { parts } = await wholeAndParts();
  expect(() => join([])).toThrow('no parts');
  expect(() => join(parts.slice(1))).toThrow('missing: original-s0');
  expect(() => join(parts.slice(0, -1))).toThrow(/missing: del-twice-a0.3-s0\.$/);
  const other = { ...study, name: 'Other' };
  expect(() => join([...parts, { ...parts[0]!, study: other }])).toThrow('different studies');
  expect(() => join([...parts, { ...parts[0]!, forget: [1] }])).toThrow('different forget sets');
  const elsewhere = { ...parts[0]!.device, label: 'another device' };
  expect(join([{ ...parts[0]!, device: elsewhere }, ...parts]).device.label).toBe('another device + fake');
  expect(() => restrictPlan(plan, fakeRegistries, ['del-tune-a0.9-s0'])).toThrow(
    /no part "del-tune-a0.9-s0"/,
  );
});

test('subset models of a memorization study are parts of their own, before everything else', async () => {
  const settings = { models: 6 };
  const ranked = { ...tinyStudy(), forget: { rule: 'memorized', settings } };
  const planned = planStudy(ranked, fakeRegistries);
  const planParts = partsOf(planned, fakeRegistries);
  expect(planParts.slice(0, 7).map(({ id }) => id)).toEqual([
    ...[0, 1, 2, 3, 4, 5].map((model) => `subset-${model}`),
    'original-s0',
  ]);
  expect(planParts[6]!.needs).toHaveLength(6);
  const whole = await fakeLab().session.run(ranked);
  const store = memoryStore();
  const parts: StudyPart[] = [];
  for (const { id } of planParts) parts.push(await fakeLab(store).session.runParts(ranked, [id]));
  // Who trains a subset model does not know what will be forgotten.
  expect(parts.map(({ forget }) => forget !== undefined)).toEqual(
    planParts.map(({ id }) => !id.startsWith('subset')),
  );
  expect(parsePart(JSON.parse(JSON.stringify(parts[0])))).toEqual({ ok: true, part: parts[0] });
  expect(whole.detail.memorization).toBeDefined();
  expect(withoutTimes(joinParts(planned, parts, fakeRegistries))).toEqual(withoutTimes(whole));
  expect(() => joinParts(planned, parts.slice(0, 6), fakeRegistries)).toThrow('missing: original-s0');
});
