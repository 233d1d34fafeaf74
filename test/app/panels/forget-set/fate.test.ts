import { expect, test } from 'vitest';
import { fateOf, fatesOf } from '../../../../src/app/panels/forget-set/fate';
import { shownExamples } from '../../../../src/app/panels/forget-set/shown';
import { viewOfResult } from '../../../../src/app/state/view';
import { answeredStudy } from '../../../support/answered-study';

test('the fate of an image: what neither the original nor the run knows was not forgotten', () => {
  expect(fateOf({ original: true, oracle: false, run: true })).toBe('remembered');
  expect(fateOf({ original: false, oracle: false, run: true })).toBe('remembered');
  expect(fateOf({ original: true, oracle: true, run: true })).toBe('known');
  expect(fateOf({ original: true, oracle: true, run: false })).toBe('forgotten');
  expect(fateOf({ original: false, oracle: true, run: false })).toBeUndefined();
});

test('fates of a run come from its answers and its references, and order the images', async () => {
  const result = await answeredStudy();
  const view = viewOfResult(result, 'opened');
  const { forget } = result.detail;
  // A class that no model says of any image: nobody knows them.
  expect([...fatesOf(view, view.runs[0]!, () => 99)!.values()].every(({ fate }) => !fate)).toBe(true);
  const said = fatesOf(view, view.runs[0]!, () => 99)!;
  // The run is right on every third and then says what the original says, which is the label.
  const labels = new Map(
    forget.map((index, i) => [index, i % 3 === 0 ? said.get(index)!.run : (said.get(index)!.run + 7) % 10]),
  );
  const fates = fatesOf(view, view.runs[0]!, (index) => labels.get(index)!)!;
  const fateAt = (i: number) => fates.get(forget[i]!)?.fate;
  expect([0, 1, 2, 3, 4, 5, 6].map(fateAt)).toEqual([
    'known',
    'forgotten',
    'forgotten',
    'remembered',
    'forgotten',
    'forgotten',
    'known',
  ]);
  const shown = shownExamples({
    labels: new Int32Array(result.study.data.train),
    classes: new Set(),
    order: 'fate',
    fates,
  });
  expect(fates.get(shown[0]!)?.fate).toBe('remembered');
  expect([...shown.subarray(0, forget.length)].sort((a, b) => a - b)).toEqual(forget);
  expect(fatesOf({ ...view, oracles: [] }, view.runs[0]!, () => 0)).toBeUndefined();
});
