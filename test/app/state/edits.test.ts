import { describe, expect, it, test } from 'vitest';
import { withPretrain } from '../../../src/app/panels/pipeline/sections/section';
import { adoptAlpha, nothingToAdopt } from '../../../src/app/state/adopt-alpha';
import { pickedUnits, withMaskByHand } from '../../../src/app/state/pick-unit';
import { createAppStore } from '../../../src/app/state/store';
import { viewOfStart } from '../../../src/app/state/view';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { staleness } from '../../../src/lab/plan/staleness';
import { groupRuns } from '../../../src/lab/results/run-groups';
import { registries } from '../../../src/lab/session/all-registries';
import { expandRuns } from '../../../src/lab/study/expand';
import { getPreset } from '../../../src/lab/study/presets';
import type { MapRecord } from '../../../src/lab/study/result';
import { oneRunEach } from '../../support/one-run-each';

const study = oneRunEach(getPreset('quickstart').study);
const stale = (edited: typeof study) => [...staleness(study, edited, registries).stages].sort();

describe('staleness', () => {
  it('is empty when an edit changes no content', () => {
    expect(stale({ ...structuredClone(study), name: 'another name' })).toEqual([]);
  });

  it('after a new budget begins at the mask', () => {
    expect(stale(adoptAlpha(study, 'del', 0.2))).toEqual(['compare', 'evaluate', 'mask', 'unlearn']);
  });

  it('after a new forget set leaves out data and training', () => {
    const edited = { ...study, forget: { rule: 'manual', settings: { indices: [1, 2, 3] } } };
    const stages = stale(edited);
    expect(stages).toContain('oracle');
    expect(stages).not.toContain('pretrain');
    expect(stages).not.toContain('data');
  });

  it('says why a study cannot be run instead of throwing', () => {
    const edited = { ...study, forget: { rule: 'no-such-rule', settings: {} } };
    expect(staleness(study, edited, registries).problem).toMatch(/no-such-rule/);
  });
});

describe('adoptAlpha', () => {
  it('replaces a single budget, extends a sweep, and leaves other strategies alone', () => {
    const sweep = getPreset('alpha-sweep').study;
    const adopted = adoptAlpha(sweep, 'del', 0.15);
    expect(adopted.runs[0]!.alpha).toEqual([0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5]);
    expect(adopted.runs[1]).toBe(sweep.runs[1]);
    expect(nothingToAdopt(adopted, 'del', 0.15)).toBe(true);
    // Also where one spec says several strategies.
    const [first] = study.runs;
    const several = { ...study, runs: [{ ...first!, strategy: ['deepest', 'del', 'random', 'salloc'] }] };
    const one = adoptAlpha(several, 'del', 0.2);
    expect(one.runs.map(({ strategy, alpha }) => [strategy, alpha])).toEqual([
      ['deepest', 0.1],
      ['del', 0.2],
      [['random', 'salloc'], 0.1],
    ]);
    expect(nothingToAdopt(study, 'salloc', 0.15)).toBe(true);
  });
});

describe('a mask by hand', () => {
  it('replaces the one there is, and no other run', () => {
    expect(pickedUnits(study)).toBeUndefined();
    const [del, ...others] = study.runs;
    const manual = { ...study, runs: [{ ...del!, strategy: 'manual' }, ...others] };
    expect(pickedUnits(manual)).toEqual([]);
    const two = withMaskByHand(manual, ['conv1.weight:3', 'bn1.bias:0']);
    expect(pickedUnits(two)).toEqual(['conv1.weight:3', 'bn1.bias:0']);
    expect(two.runs.slice(1)).toEqual(others);
    expect(planStudy(two, registries).problems).toEqual([]);
  });

  it('is added as a run where there is none, unlearned like the others', () => {
    const added = withMaskByHand(study, ['conv1.weight:3']);
    expect(added.runs.slice(0, -1)).toEqual(study.runs);
    const { problems, runs } = planStudy(added, registries);
    expect(problems).toEqual([]);
    const { run } = runs.at(-1)!;
    expect(run).toMatchObject({
      strategy: 'manual',
      method: runs[0]!.run.method,
      unlearn: runs[0]!.run.unlearn,
    });
  });
});

describe('edits of the study', () => {
  it('are undone and redone, and a deleted run leaves both study and page', () => {
    const store = createAppStore(study);
    const runs = expandRuns(study);
    store.getState().show(viewOfStart(study, runs));
    store.getState().deleteRuns([runs[0]!.id]);
    const rest = runs.slice(1).map((run) => run.id);
    expect(expandRuns(store.getState().study).map((run) => run.id)).toEqual(rest);
    expect(store.getState().view!.runs.map((run) => run.id)).toEqual(rest);
    const staleNow = () => staleness(store.getState().view!.study, store.getState().study, registries).count;
    expect(staleNow()).toBe(0);
    store.getState().undo();
    expect(store.getState().study).toBe(study);
    expect(staleNow()).toBeGreaterThan(0);
    store.getState().redo();
    expect(expandRuns(store.getState().study)).toHaveLength(rest.length);
  });

  it('spell out only the spec that a deleted run is of', () => {
    const sweep = getPreset('alpha-sweep').study;
    const store = createAppStore(sweep);
    const ids = expandRuns(sweep).map(({ id }) => id);
    store.getState().deleteRuns([ids[1]!]);
    const { runs } = store.getState().study;
    expect(runs.at(-1)).toBe(sweep.runs.at(-1));
    expect(expandRuns({ runs }).map(({ id }) => id)).toEqual(ids.filter((_, i) => i !== 1));
  });
});

describe('what refers to a study', () => {
  it('loses a model whose runs are deleted, and keeps the other', () => {
    const store = createAppStore(study);
    const runs = expandRuns(study);
    store.getState().show(viewOfStart(study, runs));
    const [first, second] = groupRuns(runs);
    store.getState().setModels({ a: first!.key, b: second!.key });
    store.getState().deleteRuns(second!.runs.map(({ id }) => id));
    expect(store.getState().models).toMatchObject({ a: first!.key, b: undefined });
  });

  it('keeps every notice that takes something back, also among equal ones', () => {
    const store = createAppStore(study);
    const undo = () =>
      store.getState().notify('It was deleted.', { label: 'Undo', run() {}, takesBack: true });
    undo();
    undo();
    for (const _ of [1, 2]) store.getState().notify('It failed.');
    expect(store.getState().notices.map(({ text }) => text)).toEqual([
      'It was deleted.',
      'It was deleted.',
      'It failed.',
    ]);
  });
});

describe('settings of what is not chosen any more', () => {
  it('are kept while the study is open, and not given to another one', () => {
    const store = createAppStore(study);
    const { keepUnchosen, openStudy, editStudy } = store.getState();
    keepUnchosen({ 'unlearn finetune': { epochs: 3 } });
    keepUnchosen({ 'unlearn scrub': {} });
    editStudy({ ...study, seed: 5 });
    expect(Object.keys(store.getState().unchosen)).toEqual(['unlearn finetune', 'unlearn scrub']);
    openStudy(getPreset('class').study);
    expect(store.getState().unchosen).toEqual({});
  });
});

describe('maps to compare with', () => {
  it('are dropped when they arrive after another study is shown', () => {
    const store = createAppStore(study);
    const { show, addOtherMap } = store.getState();
    const map: MapRecord = { strategy: 'magnitude', seed: 0, granularity: 'channel', scores: '' };
    show(viewOfStart(study, []));
    addOtherMap(study, map);
    expect(store.getState().otherMaps).toEqual([map]);
    show(viewOfStart(getPreset('class').study, []));
    addOtherMap(study, map);
    expect(store.getState().otherMaps).toEqual([]);
  });
});

describe('a recipe of the original', () => {
  it('also changes the oracle’s as long as both are trained alike', () => {
    const edited = withPretrain(study, { ...study.pretrain, epochs: 7 });
    expect([edited.pretrain.epochs, edited.oracle.epochs]).toEqual([7, 7]);
    const own = { ...study, oracle: { ...study.oracle, lr: 0.05 } };
    expect(withPretrain(own, { ...study.pretrain, epochs: 7 }).oracle).toBe(own.oracle);
  });
});

test('hidden rows are shown again with another study, and stay hidden when the same one runs again', () => {
  const store = createAppStore(study);
  const { show, setUi } = store.getState();
  show(viewOfStart(study, []));
  setUi({ marks: { pinned: [], hidden: ['del-reset-finetune-a0.1'] } });
  show(viewOfStart({ ...study }, []));
  expect(store.getState().marks.hidden).toHaveLength(1);
  show(viewOfStart(getPreset('class').study, []));
  expect(store.getState().marks.hidden).toEqual([]);
});
