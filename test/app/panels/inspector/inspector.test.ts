import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plantedLabels } from '../../../../src/app/panels/forget-set/shown';
import { filterPictures } from '../../../../src/app/panels/inspector/filter-picture';
import { exampleLabel, topExamples } from '../../../../src/app/panels/inspector/TopExamples';
import {
  selectionText,
  selectLayer,
  selectUnit,
  unitsOfLayer,
} from '../../../../src/app/panels/memorization-map/unit-selection';
import { createAppStore } from '../../../../src/app/state/store';
import { manualName, mapModel, unitNumbers } from '../../../../src/lab/localize/map-model';
import { getPreset } from '../../../../src/lab/study/presets';
import { fixtureSpec } from '../../../support/fixture-study';

const model = mapModel(fixtureSpec());
const unit = fc.nat(model.units - 1);
const units = fc.uniqueArray(unit).map((list) => list.sort((a, b) => a - b));

describe('the selection', () => {
  test('stays ascending and distinct; a toggle taken back leaves it as it was', () => {
    fc.assert(
      fc.property(units, unit, unit, (selected, picked, anchor) => {
        const toggled = selectUnit(selected, picked, 'toggle', anchor);
        expect(toggled.includes(picked)).toBe(!selected.includes(picked));
        expect(selectUnit(toggled, picked, 'toggle', anchor)).toEqual(selected);
        const range = selectUnit(selected, picked, 'range', anchor);
        expect(range).toEqual([...new Set(range)].sort((a, b) => a - b));
        expect(range.length).toBeGreaterThanOrEqual(Math.abs(picked - anchor) + 1);
        for (const kept of selected) expect(range).toContain(kept);
      }),
    );
  });

  test('is emptied by a second click on its only unit', () => {
    expect(selectUnit([4, 5], 5, 'only', undefined)).toEqual([5]);
    expect(selectUnit([5], 5, 'only', undefined)).toEqual([]);
  });

  test('adds a whole layer with norm and bias, and takes it out again', () => {
    const all = selectLayer(model, [0], 3);
    expect(all).toEqual([...new Set([0, ...unitsOfLayer(model, 3)])].sort((a, b) => a - b));
    expect(all.filter((picked) => model.layerOf[picked] === 3)).toHaveLength(model.layers[3]!.units);
    expect(selectLayer(model, all, 3)).toEqual([0]);
  });

  test('is described in words, and its names lead back to its units', () => {
    expect(selectionText(model, [3])).toBe('conv1 · channel 3');
    expect(selectionText(model, [3, 4, 16])).toBe('conv1 · 2 channels, γ 0');
    expect(selectionText(model, [3, model.units - 1])).toBe('2 units in 2 layers');
    fc.assert(
      fc.property(units, (list) => {
        expect(
          unitNumbers(
            model,
            list.map((picked) => manualName(model, picked)),
          ),
        ).toEqual(list);
      }),
    );
    expect(unitNumbers(model, ['no.such:1', 'conv1.weight:99'])).toEqual([]);
  });

  test('opens the inspector, and can be taken back step by step', () => {
    const store = createAppStore(getPreset('quickstart').study);
    store.getState().selectUnits(['conv1.weight:0']);
    store.getState().selectUnits([]);
    expect(store.getState().low).toBe('inspect');
    store.getState().undoUnits();
    expect(store.getState().units).toEqual(['conv1.weight:0']);
    store.getState().undoUnits();
    store.getState().undoUnits();
    expect(store.getState().units).toEqual([]);
  });
});

describe('pictures of weights', () => {
  const weights = (shape: number[], values: number[]) => ({
    unit: 'a:0',
    shape,
    values: Float32Array.from(values),
  });

  test('show filters on the image as they are, 0 in the middle', () => {
    const [grey] = filterPictures(weights([1, 2, 2], [0, 1, -2, 2]));
    expect(grey).toMatchObject({ kind: 'grey', width: 2, height: 2 });
    expect([...grey!.values]).toEqual([0.5, 0.75, 0, 1]);
    const [color] = filterPictures(weights([3, 1, 2], [1, 2, 3, 4, 5, 6]));
    // OIHW: the channels of the first pixel are every second value.
    expect([...color!.values].map((value) => (value - 0.5) * 12)).toEqual(
      [1, 3, 5, 2, 4, 6].map((v) => expect.closeTo(v)),
    );
  });

  test('show deeper filters by input channel and by position, a single weight not at all', () => {
    const [inputs, window] = filterPictures(weights([2, 1, 2], [3, -4, 0, 0]));
    expect([...inputs!.values]).toEqual([1, 0]);
    expect([...window!.values]).toEqual([0.75, 1]);
    expect(filterPictures(weights([], [1]))).toEqual([]);
    expect(filterPictures(weights([4], [1, -2, 0, 1])).map(({ values }) => [...values])).toEqual([
      [0.5, 1, 0, 0.5],
    ]);
  });
});

test('topExamples: the largest scores come first, equal ones in the order of the data', () => {
  const inspection = {
    examples: Int32Array.of(2, 5, 7, 9),
    scores: Float32Array.of(1, 3, 0.5, 3),
    scoring: { strategy: 'del', text: '' },
    filters: [],
  };
  expect(topExamples(inspection, 3).map(({ index }) => index)).toEqual([5, 9, 2]);
});

test('exampleLabel names both labels of an example with a planted one', () => {
  const data = { classes: ['coat', 'shirt'], labels: Int32Array.of(0, 1, 1) };
  const wrong = plantedLabels([1, 2], [0, 0]);
  expect([0, 1].map((index) => exampleLabel(data, wrong, index))).toEqual(['coat', 'shirt, trained as coat']);
  expect(exampleLabel(data, plantedLabels([1], undefined), 1)).toBe('shirt');
});
