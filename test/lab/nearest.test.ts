import { expect, test } from 'vitest';
import { nearest } from '../../src/lab/nearest';

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
