import { expect, test } from 'vitest';
import { alphaText, listText } from '../../src/lab/format';

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
