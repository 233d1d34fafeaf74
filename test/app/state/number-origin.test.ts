import { expect, test } from 'vitest';
import { numberOrigin, originText } from '../../../src/app/state/number-origin';
import { reportOfView } from '../../../src/app/state/report-of-view';
import { viewOfResult } from '../../../src/app/state/view';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { winnersIn } from '../../../src/lab/plan/tuning';
import { registries } from '../../../src/lab/session/all-registries';
import { getPreset } from '../../../src/lab/study/presets';
import type { Study } from '../../../src/lab/study/study';
import { LETHE_VERSION } from '../../../src/lab/version';
import { fixtureStudy } from '../../support/fixture-study';

const SITE = 'https://a.example/';
const fixture = fixtureStudy();
const source = { ...fixture.study.data, source: 'fashion-mnist-mini' };
const unlearn = { epochs: 7 };
const [spec] = fixture.study.runs;
const study: Study = { ...fixture.study, data: source, runs: [{ ...spec!, unlearn }] };
const view = viewOfResult({ ...fixture, study, version: '9.8.7' }, 'opened');
const row = 'del-reset-finetune-a0.1';

test('numberOrigin: settings, keys of the planned stages and the command of a mean over seeds', () => {
  const origin = numberOrigin(view, { row, quantity: 'deltaForget' }, SITE)!;
  expect(origin.who).toBe('DEL, α 0.1');
  expect(origin.value).toMatch(/^[−+]\d.*± \d.* points: mean and half .* of 3 seeds, standard deviation \d/);
  expect(Object.fromEntries(origin.facts)).toMatchObject({
    Strategy: expect.stringMatching(/^del, α 0\.1, criterion weighted-grad, /),
    Method: expect.stringMatching(/^reset-finetune, epochs 7, lr /),
    'Forget set': expect.stringMatching(/^200 images, .* drawn with seed 0$/),
    Device: 'fixture device, a software adapter',
    Version: 'Lethe 9.8.7',
  });
  expect(origin.command).toBe(
    `npx lethe run study.json ${[0, 1, 2].map((seed) => `--only oracle-s${seed} --only ${row}-s${seed}`).join(' ')}`,
  );
  expect(origin.needs).toBe('It reads study.json.');
  const plan = planStudy(study, registries);
  const planned = plan.runs.find(({ run }) => run.id === `${row}-s1`)!;
  const seed = plan.seeds.get(1)!;
  const { stages, value } = origin.seeds[1]!;
  expect(value).toMatch(/^[−+]\d+\.\d$/);
  expect(stages.at(-1)).toEqual({ kind: 'evaluate', key: planned.evaluate });
  for (const [kind, key] of [
    ['pretrain', seed.pretrain],
    ['oracle', seed.oracle],
    ['evaluate', seed.evaluateOracle],
    ['score', planned.score],
    ['mask', planned.mask],
    ['unlearn', planned.unlearn],
  ])
    expect(stages).toContainEqual({ kind, key });
  expect(originText(origin, 'Δ forget')).toContain(`  unlearn ${planned.unlearn}\n`);
});

test('numberOrigin: of a tuned run the keys and settings of the candidate that won, also while others are at work', () => {
  const select = { by: 'gap' as const, seed: 1000 };
  const tuned: Study = { ...study, runs: [{ ...spec!, unlearn: { lr: [0.01, 0.1] }, select }] };
  const first = planStudy(tuned, registries);
  const candidates = [0.01, 0.1].map((lr, i) => ({ id: `c${i}`, localize: {}, unlearn: { lr }, gap: 2 - i }));
  const selections = first.selections.map(({ runs }) => ({ ...select, runs, candidates, winner: 1 }));
  const plan = planStudy(tuned, registries, winnersIn(first, selections));
  const origin = numberOrigin(
    { ...view, study: tuned, tuned: selections },
    { row, quantity: 'deltaForget' },
    SITE,
  )!;
  expect(Object.fromEntries(origin.facts).Method).toMatch(/, lr 0\.1, /);
  const of = (planned: typeof plan) => planned.runs.find(({ run }) => run.id === `${row}-s1`)!.unlearn;
  expect(of(plan)).not.toBe(of(first));
  expect(origin.seeds[1]!.stages).toContainEqual({ kind: 'unlearn', key: of(plan) });
});

test('numberOrigin: an accuracy does not rest on the oracle, and references have parts of their own', () => {
  const accuracy = numberOrigin(view, { row, quantity: 'forgetAccuracy' }, SITE)!;
  expect(accuracy.command).not.toContain('oracle');
  expect(accuracy.seeds[0]!.stages.map(({ kind }) => kind)).not.toContain('oracle');
  const original = numberOrigin(view, { row: 'original', quantity: 'testAccuracy' }, SITE)!;
  expect(original.command).toMatch(/--only original-s0 --only original-s1 --only original-s2$/);
  expect(original.facts).toContainEqual(['Training', expect.stringContaining('epochs 20, lr 0.1')]);
  const oracle = numberOrigin(view, { row: 'oracle', quantity: 'testAccuracy' }, SITE)!;
  expect(oracle.command).toMatch(/--only oracle-s0 --only oracle-s1 --only oracle-s2$/);
});

test('numberOrigin: a preset is named; what cannot be planned or is gone has no command', () => {
  const preset = getPreset('quickstart').study;
  const one = fixture.runs.filter(
    ({ strategy, alpha, seed }) => strategy === 'del' && alpha === 0.1 && seed === 0,
  );
  const recorded = viewOfResult({ ...fixture, study: preset, runs: one }, 'recorded');
  const origin = numberOrigin(recorded, { row, quantity: 'mia' }, SITE)!;
  expect(origin.command).toBe(`npx lethe run quickstart --only ${row}-s0`);
  expect(origin.needs).toBeUndefined();
  expect(origin.link).toBe(`${SITE}#s=1.quickstart`);
  expect(Object.fromEntries(origin.facts).Version).toBe('an earlier version of Lethe');
  expect(origin.value).toMatch(/^\d+\.\d %, of one seed$/);
  // The data of the fixture are not known.
  const foreign = numberOrigin(viewOfResult(fixture, 'opened'), { row, quantity: 'mia' }, SITE)!;
  expect(foreign.command).toBeUndefined();
  expect(foreign.seeds).toHaveLength(3);
  // A run that the study does not have.
  const other = numberOrigin(view, { row: 'salloc-reset-finetune-a0.1', quantity: 'mia' }, SITE)!;
  expect(other.command).toBeUndefined();
  expect(numberOrigin(view, { row: 'gone', quantity: 'mia' }, SITE)).toBeUndefined();
  expect(numberOrigin(view, { row, quantity: 'lira' }, SITE)).toBeUndefined();
});

test('reportOfView: unfinished models are left out, and a live study says this version', () => {
  const [first, ...rest] = view.runs;
  const { metrics: _, ...started } = first!;
  const live = { ...view, origin: 'live' as const, version: undefined, runs: [started, ...rest] };
  const report = reportOfView(live, study);
  expect(report.runs).toHaveLength(rest.length);
  expect(report.version).toBe(LETHE_VERSION);
  expect(reportOfView(view, study).version).toBe('9.8.7');
});
