import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { casesFor } from '../../bench/cases';
import {
  agreementOf,
  disagreements,
  MICRO_STUDIES,
  type MicroName,
  resultOf,
} from '../../bench/sitting/micro';
import { readOptions } from '../../bench/sitting/options';
import micro from '../../bench/sitting/reference/micro.json';
import oneStep from '../../bench/sitting/reference/one-step.json';
import { steps } from '../../bench/sitting/steps';
import { fullWidthStudy, stagesIn } from '../../bench/sitting/study-steps';
import { type Summary, summaryText } from '../../bench/sitting/summary';
import { sittingContents, sittingName } from '../../scripts/pack-sitting.mjs';
import { planStudy } from '../../src/lab/plan/plan-study';
import { registries } from '../../src/lab/session/all-registries';
import { getPreset } from '../../src/lab/study/presets';
import { applySetting } from '../../src/lab/study/set';

const REFERENCES: Record<MicroName, unknown> = { micro, 'one-step': oneStep };
const known = { method: () => [], strategy: () => [] };

test.each(Object.keys(MICRO_STUDIES) as MicroName[])(
  'reference %s: is of the micro study as it stands',
  (name) => {
    const study = MICRO_STUDIES[name].reduce(
      (changed, setting) => applySetting(changed, setting, { ...known, method: () => ['epochs', 'batch'] }),
      getPreset('micro').study,
    );
    expect(resultOf(REFERENCES[name]).study).toEqual(study);
  },
);

test('agreement: a result agrees with itself to the bit, and not with one of other weights', () => {
  const reference = resultOf(oneStep);
  const same = agreementOf(reference, reference);
  expect(same).toMatchObject({ sameForgetSet: true, losses: 0, scores: 0, unlearning: 0, otherClass: 0 });
  expect(disagreements({ 'one-step': { reference: 'CPU', ...same } })).toEqual([]);
  const other = { reference: 'CPU', ...agreementOf(resultOf(micro), reference) };
  expect(disagreements({ 'one-step': other }).length).toBeGreaterThan(0);
  expect(disagreements({ 'one-step': { ...other, losses: Number.NaN } }).join()).toMatch(
    /losses differ by NaN/,
  );
});

test('bench: the networks are PyTorch’s of bench/pytorch.py, told by their parameters', () => {
  const sizes = Object.values(casesFor(false)).map(({ name, spec }) => [name, spec.size]);
  expect(Object.fromEntries(sizes)).toEqual({
    resnet8: 77_754,
    resnet18: 11_173_962,
    'vit-192x4': 1_673_678,
    resnet50: 23_528_522,
  });
});

test('ResNet-18 at full width: its study can be planned, with the original, the oracle and three runs', () => {
  const { runs, spec } = planStudy(fullWidthStudy({ train: 1024, epochs: 10, unlearnEpochs: 6 }), registries);
  expect(runs.map(({ run }) => run.strategy)).toEqual(['del', 'salloc', 'random']);
  expect(spec.size).toBeGreaterThan(11e6);
});

test('log of a study: the last stage that was finished is found', () => {
  const log =
    '[1/9] data: 0:00\n[2/9] pretrain (seed 0): 50 %, 3 of 6 steps\n[2/9] pretrain (seed 0): 1:02\n';
  expect(stagesIn(log)).toEqual({ done: 2, total: 9 });
  expect(stagesIn('')).toBeUndefined();
});

test('options of a sitting: steps are chosen by name, and a wrong one is refused with those that are known', () => {
  const ids = (argv: string[]) => readOptions(argv, steps).steps.map(({ id }) => id);
  expect(ids([])).toEqual(steps.map(({ id }) => id));
  expect(ids(['--only', 'micro,device'])).toEqual(['device', 'micro']);
  expect(ids(['--from', 'full-width'])).toEqual(['full-width', 'page']);
  expect(() => ids(['--only', 'x'])).toThrow(/There is no step "x"; known are: device, micro/);
  expect(() => ids(['--minutes', '0'])).toThrow('--minutes must be a number above 0, not "0".');
  expect(() => ids(['--fast'])).toThrow(/Unknown option '--fast'; usage:/);
});

test('summary: says of each step how it ended and why', () => {
  const summary: Summary = {
    version: '0.2.0',
    adapter: { label: 'GPU', vendor: '', architecture: '', software: false, backend: 'webgpu' },
    driver: 'the machine as it is',
    host: { processors: 2, node: '20.0.0' },
    started: '2026-11-30T12:00:00.000Z',
    minutes: 10,
    steps: [
      { id: 'a', title: 'A', status: 'done', seconds: 1.25, limit: 20, told: 'Fine | good.' },
      {
        id: 'b',
        title: 'B',
        status: 'cut',
        seconds: 30,
        limit: 30,
        reason: 'It was ended.',
        told: '3 of 9.',
      },
      { id: 'c', title: 'C', status: 'left out', seconds: 0, reason: 'No time.' },
    ],
  };
  const text = summaryText(summary);
  expect(text).toContain('| A | done | 1.3 | 20 | Fine \\| good. |');
  expect(text).toContain('| B | cut | 30 | 30 | 3 of 9. It was ended. |');
  expect(text).toContain('| C | left out | 0.0 | – | No time. |');
});

test('archive of a sitting: every file it packs exists, and what is left external in its bundle is in it', () => {
  expect(sittingName).toMatch(/^lethe-\d+\.\d+\.\d+-sitting-linux-x64$/);
  const contents = sittingContents((name) => `/usr/lib/${name}`);
  const built = ['dist-cli', 'dist', 'dist-sitting'];
  for (const [from] of contents)
    if (!built.includes(from) && !from.startsWith('/usr/lib/')) expect(existsSync(from), from).toBe(true);
  const places = contents.map(([, to]) => to);
  expect(new Set(places).size).toBe(places.length);
  for (const name of ['webgpu', 'playwright-core'])
    expect(places).toContain(join('node_modules', name, 'package.json'));
  expect(places).toEqual(
    expect.arrayContaining(['start.mjs', 'sitting', 'scripts/sitting.mjs', 'bench/pytorch.py']),
  );
});
