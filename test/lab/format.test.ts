import { expect, test } from 'vitest';
import { alphaText, fixed, listText } from '../../src/lab/format';

test('listText: separates all but the last item by commas', () => {
  expect(listText([], 'and')).toBe('');
  expect(listText(['a'], 'or')).toBe('a');
  expect(listText(['a', 'b'], 'nor')).toBe('a nor b');
  expect(listText(['a', 'b', 'c'], 'and')).toBe('a, b and c');
});

test('alphaText: two digits, or as many as a budget has', () => {
  const budgets = [0.1, 0.29, 1, 0.005, 0.105];
  expect(budgets.map(alphaText)).toEqual(['0.10', '0.29', '1.00', '0.005', '0.105']);
});

test('fixed: a half is rounded alike, whatever order it was added up in', () => {
  const gaps = [4.216666666666669, 3.299999999999997, 4.033333333333334];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const sums = [mean(gaps), mean([...gaps].reverse()), 3.85 - 2 ** -50, 3.85 + 2 ** -50];
  expect(sums.map((sum) => fixed(sum))).toEqual(Array(4).fill('3.9'));
  expect([-10.94, 0.04, -0.04, 1e-20].map((value) => fixed(value))).toEqual(['−10.9', '0.0', '0.0', '0.0']);
});
