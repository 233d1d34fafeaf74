import { expect, test } from 'vitest';
import {
  changeSetting,
  chooseEntries,
  specGroups,
  withGroup,
} from '../../../../../src/app/panels/pipeline/sections/spec-groups';
import { expandRuns } from '../../../../../src/lab/study/expand';
import { presets } from '../../../../../src/lab/study/presets';
import type { RunSpec, Study } from '../../../../../src/lab/study/study';

const RETRAIN = { epochs: 12, lr: 0.1, batch: 32 };
const del: RunSpec = {
  label: 'DEL',
  strategy: 'del',
  method: 'reset-finetune',
  alpha: 0.1,
  seed: 0,
  unlearn: RETRAIN,
};
const studyOf = (...runs: RunSpec[]): Study => ({ ...presets[0]!.study, runs });
const groupOf = (study: Study) => specGroups(study.runs)[0]!;

test('specGroups: a second method leaves the settings of the first alone, and a third one can be set apart', () => {
  const study = studyOf(del);
  const { methods } = groupOf(study);
  const two = withGroup(study, groupOf(study), {
    methods: chooseEntries(methods, ['reset-finetune', 'finetune']),
  });
  expect(specGroups(two.runs)).toHaveLength(1);
  expect(groupOf(two).methods).toEqual([
    { id: 'reset-finetune', settings: RETRAIN },
    { id: 'finetune', settings: {} },
  ]);
  const set = withGroup(two, groupOf(two), {
    methods: changeSetting(groupOf(two).methods, 'finetune', { epochs: 5 }),
  });
  expect(expandRuns(set).map(({ label, method, unlearn }) => [label, method, unlearn])).toEqual([
    ['DEL · reset-finetune', 'reset-finetune', RETRAIN],
    ['DEL · finetune', 'finetune', { epochs: 5 }],
  ]);
  const back = withGroup(set, groupOf(set), {
    methods: chooseEntries(groupOf(set).methods, ['reset-finetune']),
  });
  expect(back).toEqual(study);
});

test('specGroups: a second strategy leaves the settings of the first alone', () => {
  const study = studyOf({ ...del, localize: { cut: 'exact' } });
  const { strategies } = groupOf(study);
  const two = withGroup(study, groupOf(study), { strategies: chooseEntries(strategies, ['del', 'random']) });
  expect(groupOf(two).strategies).toEqual([
    { id: 'del', settings: { cut: 'exact' } },
    { id: 'random', settings: {} },
  ]);
  expect(expandRuns(two).map(({ localize, unlearn }) => [localize, unlearn])).toEqual([
    [{ cut: 'exact' }, RETRAIN],
    [{}, RETRAIN],
  ]);
});

test('specGroups: entries with equal settings stay one spec, and a setting of one method is not given to another', () => {
  const study = studyOf({ ...del, method: ['neggrad-plus', 'finetune'], unlearn: { beta: 0.9, epochs: 5 } });
  expect(groupOf(study).methods).toEqual([
    { id: 'neggrad-plus', settings: { beta: 0.9, epochs: 5 } },
    { id: 'finetune', settings: { epochs: 5 } },
  ]);
  const equal = studyOf({ ...del, strategy: ['del', 'random'] });
  expect(withGroup(equal, groupOf(equal), {}).runs).toEqual(equal.runs);
});

test('specGroups: every preset is written back with the same runs', () => {
  for (const { study } of presets) {
    const groups = specGroups(study.runs);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(study.runs.length);
    for (const group of groups) {
      const ids = (of: Study) => expandRuns(of).map(({ id, label, unlearn }) => [id, label, unlearn]);
      expect(ids(withGroup(study, group, {})).sort()).toEqual(ids(study).sort());
    }
  }
});
