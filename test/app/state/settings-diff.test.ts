import { expect, test } from 'vitest';
import { runChoices, settingDifferences, settingRows } from '../../../src/app/state/settings-diff';
import { getPreset } from '../../../src/lab/study/presets';
import type { RunSpec, Study } from '../../../src/lab/study/study';

const base: Study = getPreset('micro').study;
const run: RunSpec = { strategy: 'del', method: 'reset-finetune', alpha: 0.1, seed: [0, 1] };
const study = (change: Partial<Study>): Study => ({ ...base, runs: [run], ...change });
const between = (a: Study, b: Study) => settingDifferences(settingRows(a), settingRows(b));

test('settings that differ: only these, in the words of their schemas; what is written out like its default is no difference', () => {
  const a = study({});
  expect(between(a, study({ name: 'Other', note: 'A note' }))).toEqual([]);
  const spelled: RunSpec = { ...run, unlearn: { momentum: 0.9 } };
  expect(between(a, study({ runs: [spelled] }))).toEqual([]);
  const b = study({
    pretrain: { ...base.pretrain, lr: 0.05 },
    data: { ...base.data, train: 100 },
    runs: [{ ...run, seed: 0, unlearn: { lr: 0.5 } }],
  });
  expect(between(a, b)).toEqual([
    { label: 'Images to train on', a: String(base.data.train), b: '100' },
    { label: 'Original: Learning rate', a: String(base.pretrain.lr), b: '0.05' },
    { label: 'DEL · Reset + finetune, α 0.1: Seeds', a: '0, 1', b: '0' },
    { label: 'DEL · Reset + finetune, α 0.1: Learning rate', a: expect.any(String), b: '0.5' },
  ]);
});

test('settings that differ: a tuned run is not its first candidate', () => {
  const fixed: RunSpec = { ...run, unlearn: { lr: 0.015 } };
  const tuned: RunSpec = { ...run, unlearn: { lr: [0.015, 0.1] }, select: { by: 'gap', seed: 1000 } };
  const name = 'DEL · Reset + finetune, α 0.1';
  expect(between(study({ runs: [fixed] }), study({ runs: [tuned] }))).toEqual([
    { label: `${name}: Learning rate`, a: '0.015', b: '0.015, 0.1' },
    { label: `${name}: Settings chosen`, a: undefined, b: 'by gap on seed 1000' },
  ]);
});

test('settings that differ: another forget rule names its own settings, and a run that one study lacks is one line', () => {
  const a = study({ forget: { rule: 'iid', settings: { share: 0.1 } } });
  const b = study({
    forget: { rule: 'class', settings: { class: 3 } },
    runs: [run, { ...run, strategy: 'random', seed: 4 }],
  });
  const rows = between(a, b);
  const labels = rows.map(({ label }) => label);
  expect(labels[0]).toBe('Forget set');
  expect(rows.filter(({ b: other }) => other === undefined).length).toBeGreaterThan(0);
  expect(rows.at(-1)).toEqual({
    label: expect.stringMatching(/^Run: .+, α 0\.1$/),
    a: undefined,
    b: 'seed 4',
  });
  expect(labels.filter((label) => label.startsWith('Run: '))).toHaveLength(1);
});

test('settings that differ: two runs of one study', () => {
  const both = study({ runs: [run, { ...run, alpha: 0.3, localize: { batch: 7 } }] });
  const choices = runChoices(both);
  expect(choices.map(({ name }) => name)).toEqual([
    expect.stringMatching(/α 0\.1$/),
    expect.stringMatching(/α 0\.3$/),
  ]);
  const rows = settingDifferences(settingRows(both, choices[0]!.key), settingRows(both, choices[1]!.key));
  expect(rows[0]).toEqual({ label: 'Budget α', a: '0.1', b: '0.3' });
  expect(rows.length).toBeLessThanOrEqual(2);
});
