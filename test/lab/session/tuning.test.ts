import { expect, test } from 'vitest';
import { applyEvent } from '../../../src/app/state/apply-event';
import { viewOfStart } from '../../../src/app/state/view';
import type { LabEvent } from '../../../src/lab/lab-api';
import { studyCost } from '../../../src/lab/plan/cost';
import { partsOf } from '../../../src/lab/plan/parts';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { winnersIn } from '../../../src/lab/plan/tuning';
import { joinParts } from '../../../src/lab/results/build-result';
import { divergenceKey } from '../../../src/lab/stages/common/divergence';
import { memoryStore } from '../../../src/lab/store/memory';
import { parsePart, parseResult } from '../../../src/lab/study/parse-result';
import type { StudyPart, StudyResult } from '../../../src/lab/study/result';
import type { RunSpec } from '../../../src/lab/study/study';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';
import { withoutTimes } from '../../support/timeless';

const RATES = [0.02, 0.1, 0.4];
/** The fake lab measures no attack. */
const select: RunSpec['select'] = { by: 'gap-without-mia', seed: 1000 };
const tuned: Partial<RunSpec> = { seed: [0, 1], unlearn: { epochs: 2, batch: 16, lr: RATES }, select };
const study = tinyStudy(tuned, { method: 'twice', seed: 0 });
const plan = planStudy(study, fakeRegistries);

const started = (events: LabEvent[]) =>
  events.flatMap((event) => (event.type === 'stage-started' ? [event.ref.stage] : []));
const finishedOf = (result: StudyResult) => JSON.parse(JSON.stringify(withoutTimes(result)));

test('the candidate nearest to its oracle wins, and the reported seeds use its settings', async () => {
  const { session, events } = fakeLab();
  const result = await session.run(study);
  expect(result.tuned).toHaveLength(1);
  const [{ candidates, winner, runs, by, seed }] = result.tuned as [
    NonNullable<StudyResult['tuned']>[number],
  ];
  expect({ runs, by, seed }).toEqual({
    runs: ['del-tune-a0.3-s0', 'del-tune-a0.3-s1'],
    by: 'gap-without-mia',
    seed: 1000,
  });
  expect(candidates.map(({ id, unlearn }) => [id, unlearn.lr])).toEqual(
    RATES.map((lr, i) => [`del-tune-a0.3-s1000-c${i + 1}`, lr]),
  );
  const gaps = candidates.map(({ gap }) => gap!);
  expect(gaps[winner!]).toBe(Math.min(...gaps));
  expect(new Set(gaps).size).toBe(RATES.length);
  // Otherwise the first one, which stands in for it while nobody knows, would hide a mistake.
  expect(winner).not.toBe(0);

  // The same numbers as runs of their own have.
  const alone = (lr: number, seeds: number[]) =>
    fakeLab().session.run(tinyStudy({ seed: seeds, unlearn: { epochs: 2, batch: 16, lr } }));
  const untuned = await alone(RATES[winner!]!, [0, 1]);
  const own = result.runs.filter(({ method }) => method === 'tune');
  expect(own.map(({ metrics, deltas }) => ({ metrics, deltas }))).toEqual(
    untuned.runs.map(({ metrics, deltas }) => ({ metrics, deltas })),
  );
  const { localize, unlearn } = candidates[winner!]!;
  for (const run of own) expect(run.tuned).toEqual({ localize, unlearn, candidates: 3, seed: 1000 });
  const onSelectionSeed = await alone(RATES[0]!, [1000]);
  expect(candidates[0]!.deltas).toEqual(onSelectionSeed.runs[0]!.deltas);

  // Nothing of the selection seed is reported, and only the winner is unlearned on the reported seeds.
  expect(result.oracles.map((model) => model.seed)).toEqual([0, 1]);
  expect(result.detail.maps.map((map) => map.seed)).toEqual([0]);
  expect(started(events).filter((stage) => stage === 'unlearn')).toHaveLength(RATES.length + 2 + 1);
  expect(started(events).filter((stage) => stage === 'select')).toHaveLength(1);
  expect(parseResult(JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, result, problems: [] });
});

test('killed anywhere and resumed, a tuned study comes to the same result', async () => {
  const whole = finishedOf(await fakeLab().session.run(study));
  for (let stop = 4; ; stop += 17) {
    const store = memoryStore();
    const broken = fakeLab(store);
    const attempt = broken.session.run(study).then(
      () => true,
      () => false,
    );
    let stages = 0;
    broken.onEvent((event) => {
      if ((event.type === 'stage-progress' || event.type === 'stage-done') && ++stages === stop)
        void broken.session.cancel();
    });
    const isDone = await attempt;
    expect(finishedOf(await fakeLab(store).session.run(study)), `stopped at ${stop}`).toEqual(whole);
    if (isDone) break;
  }
});

test('a finished selection is not made again, nor are its candidates', async () => {
  const store = memoryStore();
  const first = await fakeLab(store).session.run(study);
  const [{ key, candidates }] = plan.selections as [(typeof plan.selections)[number]];
  for (const { unlearn, evaluate } of candidates)
    await Promise.all([store.delete(unlearn), store.delete(evaluate)]);
  const again = fakeLab(store);
  expect(finishedOf(await again.session.run(study))).toEqual(finishedOf(first));
  expect(started(again.events)).toEqual(['data']);
  const spared = again.events.flatMap((event) => (event.type === 'stage-spared' ? [event.ref.key] : []));
  expect(spared).toEqual(
    expect.arrayContaining(candidates.flatMap(({ unlearn, evaluate }) => [unlearn, evaluate])),
  );
  // Nothing waits until the study ends.
  const view = viewOfStart(study, []);
  const told = again.events.filter(({ type }) => type !== 'study-done').reduce(applyEvent, view);
  expect(told.stages.filter(({ state }) => state === 'waiting')).toEqual([]);

  const data = { shape: [8, 8, 1] as [number, number, number], streamed: new Set<never>() };
  const settled = planStudy(study, fakeRegistries, winnersIn(plan, first.tuned));
  const cost = (of: typeof plan, cached: string[]) =>
    studyCost({ plan: of, registries: fakeRegistries, data, cached: new Set(cached) }).passes;
  expect(cost(settled, await store.keys())).toBe(0);
  expect((await again.session.inspect(study)).stages.map((stage) => stage.key)).toEqual(
    settled.stages.map((stage) => stage.key),
  );
  // Before anything is done: all candidates, and one of them on each reported seed.
  const runOf = (spec: Partial<RunSpec>) => planStudy(tinyStudy(spec), fakeRegistries);
  const each = { unlearn: { epochs: 2, batch: 16, lr: 0.1 } };
  const one = cost(runOf({ ...each, seed: 0 }), []);
  const further = cost(runOf({ ...each, seed: 0, alpha: [0.3, 0.4] }), []) - one;
  const tunedAlone = cost(runOf(tuned), []);
  expect(tunedAlone).toBeCloseTo(3 * one + (RATES.length - 1) * further);
  expect(cost(runOf(tuned), [key])).toBeCloseTo(2 * one);
});

test('parts of a tuned study, in the order that they need, make the result of one process', async () => {
  const whole = await fakeLab().session.run(study);
  const parts = partsOf(plan, fakeRegistries);
  const candidates = ['c1', 'c2', 'c3'].map((id) => `del-tune-a0.3-s1000-${id}`);
  expect(parts.map(({ id }) => id)).toEqual([
    ...['original-s0', 'original-s1', 'original-s1000', 'oracle-s0', 'oracle-s1', 'oracle-s1000'],
    ...candidates,
    ...['del-tune-a0.3-s0', 'del-tune-a0.3-s1', 'del-twice-a0.3-s0'],
  ]);
  const needs = (id: string) => parts.find((part) => part.id === id)!.needs;
  expect(needs(candidates[0]!)).toEqual(['original-s1000']);
  expect(needs('del-tune-a0.3-s1').sort()).toEqual([...candidates, 'oracle-s1000', 'original-s1'].sort());
  expect(needs('del-twice-a0.3-s0')).toEqual(['original-s0']);

  const store = memoryStore();
  const found: StudyPart[] = [];
  for (const { id } of parts) {
    const { session, events } = fakeLab(store);
    found.push(await session.runParts(study, [id]));
    const trained = started(events).filter((stage) => ['pretrain', 'oracle', 'unlearn'].includes(stage));
    expect(trained, id).toHaveLength(1);
    expect(parsePart(JSON.parse(JSON.stringify(found.at(-1))))).toEqual({ ok: true, part: found.at(-1) });
  }
  expect(withoutTimes(joinParts(plan, found, fakeRegistries))).toEqual(withoutTimes(whole));
  // A part that finds nothing makes its own selection, to the same end.
  const alone = await fakeLab().session.runParts(study, ['del-tune-a0.3-s1']);
  expect(withoutTimes(alone)).toEqual(withoutTimes(found[10]));
});

test('parts of a study whose localization is tuned have its map, as one process has', async () => {
  const swept = tinyStudy(
    { seed: [0, 1], localize: { cut: ['exact', 'whole-channel'] }, select },
    { strategy: 'deepest', seed: 0 },
  );
  const whole = await fakeLab().session.run(swept);
  expect(whole.detail.maps.map(({ strategy }) => strategy).sort()).toEqual(['deepest', 'del']);
  const ofSwept = planStudy(swept, fakeRegistries);
  const store = memoryStore();
  const found: StudyPart[] = [];
  for (const { id } of partsOf(ofSwept, fakeRegistries))
    found.push(await fakeLab(store).session.runParts(swept, [id]));
  expect(withoutTimes(joinParts(ofSwept, found, fakeRegistries))).toEqual(withoutTimes(whole));
});

test('a candidate that diverges loses with its reason, and is not tried again', async () => {
  const store = memoryStore();
  const lab = fakeLab(store);
  lab.onEvent((event) => {
    if (
      event.type === 'stage-started' &&
      event.ref.runs[0] === 'del-tune-a0.3-s1000-c2' &&
      event.ref.stage === 'unlearn'
    )
      lab.engine.divergesAt = lab.engine.steps + 2;
  });
  const result = await lab.session.run(study);
  expect(result.failed).toBeUndefined();
  const [{ candidates, winner }] = result.tuned as [NonNullable<StudyResult['tuned']>[number]];
  expect(candidates[1]).toEqual({
    id: 'del-tune-a0.3-s1000-c2',
    localize: {},
    unlearn: { epochs: 2, batch: 16, lr: 0.1 },
    failure: expect.stringMatching(/\.$/),
  });
  expect(winner).toBe(2);
  expect((await store.keys()).filter((key) => key.endsWith('.state'))).toEqual([]);
  const again = fakeLab(store);
  await store.delete(plan.selections[0]!.key);
  expect(finishedOf(await again.session.run(study))).toEqual(finishedOf(result));
  expect(started(again.events)).toEqual(['data', 'select']);
  // It is no part of what is left to do either.
  const settled = planStudy(study, fakeRegistries, winnersIn(plan, result.tuned));
  const { unlearn, evaluate } = settled.runs.find(({ run }) => run.id === 'del-tune-a0.3-s1')!;
  for (const key of [plan.selections[0]!.key, unlearn, evaluate]) await store.delete(key);
  const rest = fakeLab(store);
  await rest.session.run(study);
  const told = rest.events.flatMap((event) => (event.type === 'study-progress' ? [event] : [])).at(-1)!;
  expect(told.total).toBeGreaterThan(0);
  expect(told.done).toBeCloseTo(told.total, 6);
  // So does one that only its measurement on all images shows to have diverged.
  const [, second, third] = plan.selections[0]!.candidates;
  const note = await store.get(divergenceKey(second!.unlearn));
  await store.put(divergenceKey(third!.evaluate), note!);
  await store.delete(plan.selections[0]!.key);
  const last = await fakeLab(store).session.run(study);
  expect(last.failed).toBeUndefined();
  expect(last.tuned![0]!.candidates[2]!.failure).toBe(candidates[1]!.failure);
  expect(last.tuned![0]!.winner).toBe(0);
});

test('where every candidate diverges the run fails with a sentence, and the rest of the study stands', async () => {
  const store = memoryStore();
  const lab = fakeLab(store);
  lab.onEvent((event) => {
    if (event.type === 'stage-started' && event.ref.stage === 'unlearn' && event.ref.seed === 1000)
      lab.engine.divergesAt = lab.engine.steps + 2;
  });
  const result = await lab.session.run(study);
  const message =
    'No settings could be chosen, since every candidate diverged on the selection seed 1000, 3 of 3: list lower learning rates.';
  expect(result.failed).toEqual([
    { id: 'del-tune-a0.3-s0', message },
    { id: 'del-tune-a0.3-s1', message },
  ]);
  expect(result.runs.map(({ id }) => id)).toEqual(['del-twice-a0.3-s0']);
  expect(result.tuned?.[0]?.winner).toBeUndefined();
  expect(lab.events.filter(({ type }) => type === 'runs-failed')).toHaveLength(3 + 1);
  expect(finishedOf(await fakeLab(store).session.run(study))).toEqual(finishedOf(result));
});

test('without the attack among the metrics there is no gap to choose by', async () => {
  const { failed } = await fakeLab().session.run(tinyStudy({ ...tuned, select: { by: 'gap', seed: 1000 } }));
  expect(failed?.[0]?.message).toBe(
    'No settings could be chosen, since no candidate has a gap to the oracle on the selection seed 1000.',
  );
});

test('a tuned run shares what other runs with its candidates’ settings have, and is told only once it has won', async () => {
  const alone = RATES.map((lr) => ({ unlearn: { epochs: 2, batch: 16, lr } }));
  const among = tinyStudy({ ...tuned, seed: 0 }, alone[0]!, alone[2]!);
  const { session, events } = fakeLab();
  const whole = await session.run(among);
  const [own, , winner] = whole.runs;
  expect(whole.tuned![0]!.winner).toBe(2);
  expect([own!.id, winner!.id]).toEqual(['del-tune-a0.3-s0', 'del-tune-a0.3-s0-3']);
  expect(own!.metrics).toEqual(winner!.metrics);
  expect(started(events).filter((stage) => stage === 'unlearn')).toHaveLength(RATES.length + 2);
  const told = events.flatMap((event) =>
    event.type === 'metrics' && event.ref.runs.includes(own!.id) && event.of === 'run' ? [event.metrics] : [],
  );
  expect(told).toEqual([winner!.metrics]);
  const planned = planStudy(among, fakeRegistries);
  const store = memoryStore();
  const parts: StudyPart[] = [];
  for (const { id } of partsOf(planned, fakeRegistries))
    parts.push(await fakeLab(store).session.runParts(among, [id]));
  expect(withoutTimes(joinParts(planned, parts, fakeRegistries))).toEqual(withoutTimes(whole));
});

test('the attack is made on the winner, by shadow models that need not wait for it', () => {
  const attacked = planStudy({ ...tinyStudy(tuned), lira: { shadows: 4 } }, fakeRegistries);
  const parts = partsOf(attacked, fakeRegistries);
  expect(parts.find(({ id }) => id === 'shadow-0')!.needs).toEqual([]);
  const [{ key }] = attacked.selections as [(typeof attacked.selections)[number]];
  const waiting = attacked.stages.filter(({ needs }) => needs.includes(key));
  expect([...new Set(waiting.map(({ stage }) => stage))]).toEqual([
    'unlearn',
    'evaluate',
    'unlearn-shadow',
    'lira',
  ]);
  const seen = new Set<string>();
  for (const stage of attacked.stages) {
    for (const need of stage.needs) expect(seen).toContain(need);
    seen.add(stage.key);
  }
});

test('settings are not chosen on a seed that is reported', () => {
  expect(() => planStudy(tinyStudy(tuned, { seed: 1000 }), fakeRegistries)).toThrow(
    'The settings of del-tune-a0.3-s0 are chosen on seed 1000, which the study also reports: give its "select" a seed that no run has.',
  );
});

test('what a file says of a selection is dropped where it cannot be, and named', async () => {
  const result = await fakeLab().session.run(study);
  const damaged = (change: (tuned: Record<string, unknown>) => void) => {
    const copy = JSON.parse(JSON.stringify(result));
    change(copy.tuned[0]);
    return parseResult(copy);
  };
  for (const change of [
    (own: Record<string, unknown>) => Object.assign(own, { winner: 3 }),
    (own: Record<string, unknown>) => Object.assign(own, { candidates: [] }),
    (own: Record<string, unknown>) => Object.assign(own, { by: 'taste' }),
    (own: Record<string, unknown>) =>
      (own.candidates as { gap: unknown }[]).forEach((each) => {
        each.gap = 'small';
      }),
  ]) {
    const parsed = damaged(change);
    const { tuned: _, ...rest } = result;
    expect(parsed).toEqual({
      ok: true,
      result: rest,
      problems: ['tuned was dropped: what it says of how settings were chosen is damaged.'],
    });
  }
});
