import { expect, test } from 'vitest';
import { nearest, unknownName } from '../../src/lab/nearest';

test('the name that is at most two letters off, and the one with the fewest', () => {
  const known = ['epochs', 'lr', 'batch', 'gamma', 'beta', 'betas'];
  expect(nearest('epoch', known)).toBe('epochs');
  expect(nearest('Epcohs', known)).toBe('epochs');
  expect(nearest('bata', known)).toBe('beta');
  expect(nearest('betas', known)).toBe('betas');
  // Two letters off a name of two it would be any word.
  expect(nearest('xy', known)).toBeUndefined();
  expect(nearest('temperature', known)).toBeUndefined();
});

test('a name that is not known: the one that is near, else all that are listed', () => {
  const known = ['quickstart', 'iid', 'micro'];
  expect(unknownName('preset', 'quickstrat', known)).toBe(
    'There is no preset "quickstrat"; did you mean quickstart?',
  );
  expect(unknownName('preset', 'nothing', known, ['quickstart', 'iid'])).toBe(
    'There is no preset "nothing"; known are: quickstart, iid.',
  );
});
