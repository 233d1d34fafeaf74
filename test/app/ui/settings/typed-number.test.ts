import { expect, test } from 'vitest';
import { ambiguousPair, typedNumber } from '../../../../src/app/ui/settings/typed-number';

test('a comma parts thousands of whole numbers and is a decimal point elsewhere, or nothing is taken', () => {
  const typed = {
    whole: ['10,000', '1,000,000', '10 000', '-1,000', '500', '0,1', '10,00', '1,0000', '10.000', ''],
    other: ['0,1', '0.1', '1e-3', '1,000', '1,2,3', ' '],
  };
  expect(typed.whole.map((text) => typedNumber(text, true))).toEqual([
    10_000,
    1_000_000,
    10_000,
    -1000,
    500,
    ...Array(5).fill(Number.NaN),
  ]);
  expect(typed.other.map((text) => typedNumber(text))).toEqual([0.1, 0.1, 0.001, 1, Number.NaN, Number.NaN]);
});

test('a pair that may be one number is told from a list', () => {
  expect(ambiguousPair('0,1')).toEqual(['0', '1']);
  expect(ambiguousPair('0.05, 0,1')).toEqual(['0', '1']);
  for (const list of ['0, 1', '0.05,0.1', '0,0.1', '0.1,1', '1,2,3', '0.1', ''])
    expect(ambiguousPair(list), list).toBeUndefined();
});
