import { expect, test } from 'vitest';
import { aboutStudy } from '../../../src/app/state/about-study';
import { getPreset } from '../../../src/lab/study/presets';

test('what a study asks is a preset’s sentence only while it is that preset', () => {
  const { study, explanation } = getPreset('quickstart');
  expect(aboutStudy({ ...study, name: 'Mine' })).toBe(explanation);
  expect(aboutStudy({ ...study, seed: 5 })).toBeUndefined();
  expect(aboutStudy({ ...study, seed: 5, note: 'A note.' })).toBe('A note.');
});
