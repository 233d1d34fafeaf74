import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEstimator } from '../../../src/app/client/estimator';
import { createQuestions } from '../../../src/app/client/questions';
import type { Supervisor } from '../../../src/app/client/supervisor';
import { costShort } from '../../../src/app/panels/cost/cost-text';
import { createAppStore } from '../../../src/app/state/store';
import { costView, spaceProblem } from '../../../src/app/state/study-cost';
import { viewOfStart } from '../../../src/app/state/view';
import type { Calibration } from '../../../src/lab/lab-api';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { registries } from '../../../src/lab/session/all-registries';
import { getPreset } from '../../../src/lab/study/presets';
import { fakeRegistries, tinyStudy } from '../../support/fake-lab';

const device = { label: 'fake', vendor: '', architecture: '', software: false, backend: 'webgpu' } as const;
const answer: Calibration = { device, cached: [], imagesPerSecond: 50 };

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

/** A page over a lab that answers every calibration alike, and whatever else is asked never. */
function page(available = true) {
  const store = createAppStore(tinyStudy());
  store.getState().setUi({ gpu: { available, label: '' } });
  const calibrate = vi.fn(async () => answer);
  const cancel = vi.fn(async () => undefined);
  const call = ((use: (api: never) => unknown) => use({ calibrate, cancel } as never)) as Supervisor['call'];
  const questions = createQuestions({ call });
  const busy = { active: false };
  const estimator = createEstimator(
    store,
    questions,
    () => busy.active,
    async () => 1e6,
  );
  return { store, calibrate, questions, busy, estimator, state: () => store.getState() };
}

test('the lab is not asked before an edit, and once after several edits', async () => {
  const { calibrate, state } = page();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calibrate).not.toHaveBeenCalled();
  for (const alpha of [0.1, 0.2, 0.4]) {
    state().editStudy(tinyStudy({ alpha }));
    await vi.advanceTimersByTimeAsync(500);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calibrate.mock.calls).toEqual([[state().study]]);
  expect(state().calibrated).toEqual({ study: state().study, calibration: answer });
});

test('pointing at the button asks, unless a study runs or there is no device', async () => {
  const { calibrate, busy, estimator } = page();
  busy.active = true;
  estimator.estimateSoon();
  await vi.advanceTimersByTimeAsync(5000);
  busy.active = false;
  expect(calibrate).not.toHaveBeenCalled();
  estimator.estimateSoon();
  await vi.advanceTimersByTimeAsync(5000);
  estimator.estimateSoon();
  await vi.advanceTimersByTimeAsync(5000);
  expect(calibrate).toHaveBeenCalledOnce();
  const without = page(false);
  without.estimator.estimateSoon();
  await vi.advanceTimersByTimeAsync(5000);
  expect(without.calibrate).not.toHaveBeenCalled();
});

test('the estimate waits for other questions and cancels none', async () => {
  const { calibrate, questions, estimator } = page();
  let done = (): void => {};
  const other = questions.ask(() => new Promise<void>((resolve) => (done = resolve)));
  estimator.estimateSoon();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calibrate).not.toHaveBeenCalled();
  done();
  await other;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calibrate).toHaveBeenCalledOnce();
});

test('a finished study outdates the count of stages but not the measured rate', async () => {
  const { calibrate, estimator, state } = page();
  estimator.estimateSoon();
  await vi.advanceTimersByTimeAsync(5000);
  state().show(viewOfStart(state().study, []));
  state().applyEvents([{ type: 'study-state', study: '', state: 'cancelled' }]);
  const cost = costView(state().study, state().calibrated, fakeRegistries)!;
  expect(cost).toMatchObject({ counted: false, imagesPerSecond: 50 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(calibrate).toHaveBeenCalledOnce();
  estimator.estimateSoon();
  await vi.advanceTimersByTimeAsync(5000);
  expect(calibrate).toHaveBeenCalledTimes(2);
});

test('costView: passes and memory at once, time by the rate of an equal network, less the stored stages', () => {
  const study = tinyStudy();
  const before = costView(study, undefined, fakeRegistries)!;
  expect(before).toMatchObject({ counted: false, seconds: undefined });
  expect(before.passes).toBeGreaterThan(0);
  const known = costView(study, { study, calibration: answer }, fakeRegistries)!;
  const { passes, memory } = before;
  expect(known).toMatchObject({ passes, memory, counted: true, device: 'fake', seconds: passes / 50 });

  const more = tinyStudy({ alpha: [0.1, 0.3] });
  const alike = costView(more, { study, calibration: answer }, fakeRegistries)!;
  expect(alike).toMatchObject({ counted: false, seconds: alike.passes / 50 });
  expect(alike.passes).toBeGreaterThan(before.passes);
  const other = { ...study, pretrain: { ...study.pretrain, batch: 8 } };
  expect(costView(other, { study, calibration: answer }, fakeRegistries)!.seconds).toBeUndefined();

  const cached = planStudy(study, fakeRegistries).stages.map(({ key }) => key);
  const kept = costView(study, { study, calibration: { ...answer, cached } }, fakeRegistries);
  expect(kept).toMatchObject({ passes: 0, disk: 0, seconds: 0 });
  expect(costView(tinyStudy({ method: 'of-tomorrow' }), undefined, fakeRegistries)).toBeUndefined();
});

test('spaceProblem warns when study and downloaded data exceed the free space', async () => {
  const { store } = page();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().free).toBe(1e6);
  expect(spaceProblem({ disk: 1e6 }, 1e6)).toBeUndefined();
  expect(spaceProblem({ disk: 1e12 }, undefined)).toBeUndefined();
  const toLoad = { download: 8e9, kept: 9.7e9 };
  expect(spaceProblem({ disk: 6.3e9, toLoad }, 10.7e9)).toMatch(
    /^This study will store about 16 GB, and the browser vouches for only 11 GB more: .+\.$/,
  );
});

test('costView: what the shown study has done here is not counted again, whether or not the lab was asked since', () => {
  const study = tinyStudy();
  const { stages } = planStudy(study, fakeRegistries);
  const done = stages.map((ref) => ({ ref: { ...ref, study: '' }, state: 'done' as const }));
  const view = { ...viewOfStart(study, []), state: 'done' as const, stages: done };
  const after = costView(study, undefined, fakeRegistries, '', view)!;
  expect(after).toMatchObject({ passes: 0, counted: true });
  expect(costShort(after)).toBe('everything is stored already');
  expect(
    costView(study, undefined, fakeRegistries, '', { ...view, origin: 'recorded' })!.passes,
  ).toBeGreaterThan(0);
});

test('costShort: minutes, never passes: measured here, or those of a recording with equal steps', () => {
  const { study } = getPreset('quickstart');
  expect(costShort(costView(study, undefined, registries)!)).toMatch(
    /^about \d+ min on llvmpipe \(CPU\), \d+ MB$/,
  );
  const calibration = { ...answer, imagesPerSecond: 1000 };
  expect(costShort(costView(study, { study, calibration }, registries)!)).toMatch(/^about \d+ min, \d+ MB$/);
  const other = { ...study, pretrain: { ...study.pretrain, batch: 8 } };
  expect(costShort(costView(other, undefined, registries)!)).toMatch(/^time not measured yet, /);
});
