import { expect, test } from 'vitest';
import type { LabEvent } from '../../../src/lab/lab-api';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { eventsOfArtifacts } from '../../../src/lab/stages/events-of-artifacts';
import { memoryStore } from '../../../src/lab/store/memory';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';

const study = {
  ...tinyStudy({}, { strategy: 'random' }),
  forget: { rule: 'memorized', settings: { share: 0.2, models: 2, epochs: 1 } },
};
const plan = planStudy(study, fakeRegistries);

/** What both a run and its artifacts tell of results. */
function results(events: LabEvent[]): LabEvent[] {
  const types = ['series', 'losses', 'scores', 'metrics', 'memorization'];
  return events
    .filter(({ type }) => types.includes(type))
    .map((event) => (event.type === 'metrics' ? { ...event, deltas: undefined } : event));
}

test('artifacts tell the results of a run that was stopped anywhere, and which stages are done', async () => {
  const whole = fakeLab();
  await whole.session.run(study);
  const ends = whole.events.filter(({ type }) => type === 'stage-done').length;
  expect(ends).toBe(plan.stages.length);
  for (const stop of [1, 4, 7, ends - 1]) {
    const { session, events, store, onEvent } = fakeLab(memoryStore());
    let done = 0;
    onEvent((event) => {
      if (event.type === 'stage-done' && ++done === stop) session.cancel();
    });
    await session.run(study).catch(() => {});
    const told = await eventsOfArtifacts(plan, fakeRegistries, (key) => store.get(key));
    expect(results(told)).toEqual(results(events));
    // That of the data set alone, which leaves no artifact, tells nothing.
    expect(told.filter(({ type }) => type === 'stage-done')).toHaveLength(done === 1 ? 0 : done);
  }
});

test('artifacts of a tuned study tell what was chosen, and of the winner’s runs', async () => {
  const unlearn = { epochs: 2, batch: 16, lr: [0.02, 0.4] };
  const tuned = tinyStudy({ unlearn, select: { by: 'gap-without-mia', seed: 1000 } });
  const { session, store } = fakeLab();
  const result = await session.run(tuned);
  const told = await eventsOfArtifacts(planStudy(tuned, fakeRegistries), fakeRegistries, (key) =>
    store.get(key),
  );
  expect(told.flatMap((event) => (event.type === 'selected' ? [event.tuned] : []))).toEqual(result.tuned);
  expect(result.tuned![0]!.winner).toBe(1);
  const [run] = result.runs;
  const own = told.filter(
    (event) => event.type === 'metrics' && event.ref.runs.includes(run!.id) && event.of === 'run',
  );
  expect(own).toMatchObject([{ metrics: run!.metrics }]);
});

test('what is damaged tells nothing', async () => {
  const { session, store } = fakeLab();
  await session.run(study);
  for (const key of await store.keys()) await store.put(key, Uint8Array.of(1, 2, 3));
  const told = await eventsOfArtifacts(plan, fakeRegistries, (key) => store.get(key));
  expect(results(told)).toEqual([]);
});
