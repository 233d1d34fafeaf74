import { expect, test } from 'vitest';
import { applyEvent } from '../../../src/app/state/apply-event';
import { resultOfView } from '../../../src/app/state/result-of-view';
import { costView } from '../../../src/app/state/study-cost';
import { isFinishedRun, type View, viewOfResult, viewOfStart } from '../../../src/app/state/view';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { staleness } from '../../../src/lab/plan/staleness';
import { decodeEvent, encodeEvent } from '../../../src/lab/results/progress-log';
import { expandRuns } from '../../../src/lab/study/expand';
import type { RunSpec, Study } from '../../../src/lab/study/study';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';

const tuned = (lr: number[]): Partial<RunSpec> => ({
  unlearn: { epochs: 2, batch: 16, lr },
  select: { by: 'gap-without-mia', seed: 1000 },
});
const study = tinyStudy(tuned([0.02, 0.4]), { strategy: 'random' });

/** The view after each event of a run. */
async function viewsOf(of: Study) {
  const { session, events } = fakeLab();
  const result = await session.run(of);
  let view = viewOfStart(of, expandRuns(of, fakeRegistries));
  const views = events.map((event) => {
    view = applyEvent(view, event);
    return view;
  });
  return { events, views, result };
}

test('a tuned study fills the view with the winner’s run alone, and says how it was chosen', async () => {
  const { events, views, result } = await viewsOf(study);
  const at = events.findIndex(({ type }) => type === 'stages-settled');
  const [before, after] = [views[at - 1]!, views[at]!];
  expect(before.tuned).toEqual(result.tuned);
  // The candidates are done, what stood in for the winner has gone, and nothing of them is shown as a run.
  expect(before.runs.map(({ metrics }) => metrics !== undefined)).toEqual([false, true]);
  const settled = planStudy(
    study,
    fakeRegistries,
    new Map([[planStudy(study, fakeRegistries).selections[0]!.key, 1]]),
  );
  expect(after.stages.map(({ ref }) => ref.key)).toEqual(settled.stages.map(({ key }) => key));
  expect(after.stages.filter(({ state }) => state === 'waiting')).toHaveLength(2);
  // The last view before the result is told is that of the result.
  const last = views.at(-2)!;
  expect(last.stages.every(({ state }) => state === 'done')).toBe(true);
  expect(last.maps.map(({ seed }) => seed)).toEqual(last.maps.map(() => 0));
  const end = views.at(-1)!;
  expect(last.runs.filter(isFinishedRun).map(({ metrics, deltas }) => ({ metrics, deltas }))).toEqual(
    result.runs.map(({ metrics, deltas }) => ({ metrics, deltas })),
  );
  expect([...last.losses!]).toEqual([...end.losses!]);
  expect(end).toEqual({ ...viewOfResult(result, 'live'), stages: last.stages });
  expect(resultOfView(end)).toEqual(result);
  // A log tells the same.
  for (const event of events) {
    const line = encodeEvent(event);
    if (line)
      expect(decodeEvent(line)).toEqual(
        JSON.parse(JSON.stringify(event)).type === 'losses' ? event : JSON.parse(JSON.stringify(event)),
      );
  }
});

test('what a tuned study takes is known before, counts its candidates, and is nothing once it is done', async () => {
  const passes = (of: Study, view?: View) => costView(of, undefined, fakeRegistries, '', view)!.passes;
  const untuned = tinyStudy({ unlearn: { epochs: 2, batch: 16, lr: 0.1 } }, { strategy: 'random' });
  expect(passes(study)).toBeGreaterThan(1.5 * passes(untuned));
  expect(passes(tinyStudy(tuned([0.02, 0.1, 0.4]), { strategy: 'random' }))).toBeGreaterThan(passes(study));
  const { views } = await viewsOf(study);
  const done = views.at(-1)!;
  expect(passes(study, done)).toBe(0);
  expect(staleness(study, study, fakeRegistries).count).toBe(0);
  // One more candidate: that one, the selection, and whichever wins.
  const more = tinyStudy(tuned([0.02, 0.4, 0.1]), { strategy: 'random' });
  expect([...staleness(study, more, fakeRegistries).stages].sort()).toEqual([
    'evaluate',
    'select',
    'unlearn',
  ]);
});
