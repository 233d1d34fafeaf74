import { describe, expect, it, test } from 'vitest';
import { createAppStore } from '../../../src/app/state/store';
import { editedName, sameContent, studyKey, withHonestName } from '../../../src/app/state/study-names';
import { viewOfStart } from '../../../src/app/state/view';
import { getPreset, presets } from '../../../src/lab/study/presets';
import type { Study } from '../../../src/lab/study/study';

const { study } = getPreset('quickstart');
const withEpochs = (epochs: number, of: Study = study): Study => ({
  ...of,
  pretrain: { ...of.pretrain, epochs },
});

describe('the name of an edited study', () => {
  it('tells that it was edited, and is the old one again when the edit is taken back by hand or undone', () => {
    const store = createAppStore(study);
    const name = () => store.getState().study.name;
    const edit = (epochs: number) => store.getState().editStudy(withEpochs(epochs, store.getState().study));
    edit(7);
    expect(name()).toBe('Forget half of two classes (edited)');
    edit(8);
    expect(name()).toBe('Forget half of two classes (edited)');
    edit(20);
    expect(store.getState().study).toEqual(study);
    store.getState().undo();
    expect(name()).toBe('Forget half of two classes (edited)');
    store.getState().undo();
    store.getState().undo();
    expect(store.getState().study).toBe(study);
  });

  it('is not that of a study whose results are shown', () => {
    const store = createAppStore(study);
    const { editStudy, claimName, show, undo } = store.getState();
    editStudy(withEpochs(7));
    const run = store.getState().study;
    claimName();
    show(viewOfStart(run, []));
    editStudy(withEpochs(8, run));
    expect(store.getState().study.name).toBe('Forget half of two classes (edited 2)');
    undo();
    undo();
    expect(store.getState().study).toBe(study);
    editStudy(withEpochs(9));
    expect(store.getState().study.name).toBe('Forget half of two classes (edited 2)');
    editStudy(withEpochs(7, store.getState().study));
    expect(store.getState().study.name).toBe('Forget half of two classes (edited)');
  });

  it('is the reader’s own as long as nothing else bears it', () => {
    const store = createAppStore(study);
    const { editStudy, claimName } = store.getState();
    editStudy({ ...study, name: 'Mine' });
    editStudy(withEpochs(7, store.getState().study));
    expect(store.getState().study.name).toBe('Mine');
    claimName();
    editStudy(withEpochs(8, store.getState().study));
    expect(store.getState().study.name).toBe('Mine (edited)');
  });

  it('is another study’s own when that is opened, and edits of it start from there', () => {
    const store = createAppStore(study);
    const { editStudy, openStudy, undo } = store.getState();
    editStudy(withEpochs(7));
    openStudy(getPreset('class').study);
    editStudy(withEpochs(7, getPreset('class').study));
    expect(store.getState().study.name).toBe('Forget one class (edited)');
    undo();
    undo();
    editStudy(withEpochs(8, store.getState().study));
    expect(store.getState().study.name).toBe('Forget half of two classes (edited)');
  });

  it('loses a preset’s note with the preset’s name, and gets it back', () => {
    const orderings = getPreset('paper-orderings').study;
    const store = createAppStore(orderings);
    store.getState().editStudy(withEpochs(7, orderings));
    expect(store.getState().study.note).toBeUndefined();
    store.getState().editStudy(withEpochs(orderings.pretrain.epochs, store.getState().study));
    expect(store.getState().study).toEqual(orderings);
  });
});

test('editedName marks once, takes the first free number, and stays within the length of a name', () => {
  expect(editedName('A')).toBe('A (edited)');
  expect(editedName('A (edited)')).toBe('A (edited 2)');
  expect(editedName('A', ['A (edited)', 'A (edited 2)'])).toBe('A (edited 3)');
  expect(editedName('x'.repeat(80))).toHaveLength(80);
});

test('withHonestName leaves presets, and names that no preset has, and marks what bears a preset’s name without being it', () => {
  for (const preset of presets) expect(withHonestName(preset.study)).toBe(preset.study);
  expect(withHonestName({ ...withEpochs(7), name: 'Mine' }).name).toBe('Mine');
  expect(withHonestName(withEpochs(7)).name).toBe('Forget half of two classes (edited)');
});

test('studies are the same whatever they are called; their keys are those of artifacts', () => {
  expect(sameContent(study, { ...structuredClone(study), name: 'Mine', note: 'x' })).toBe(true);
  expect(sameContent(study, withEpochs(7))).toBe(false);
  expect(studyKey(study)).toBe(studyKey({ ...study, name: 'Mine' }));
  expect(studyKey(study)).toMatch(/^[0-9a-f]{40}$/);
});

test('no two presets have one name, and none claims an outcome that is computed elsewhere', () => {
  expect(new Set(presets.map(({ study: { name } }) => name)).size).toBe(presets.length);
  const claims = /\b(does not|do not|comes? close|fails?|best|worse|leaves)\b/;
  for (const { label, explanation } of presets)
    expect(`${label} ${explanation.replace(/[^.:]*\?/g, '')}`).not.toMatch(claims);
});
