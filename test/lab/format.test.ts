import { expect, test } from 'vitest';
import { listText } from '../../src/lab/format';

test('listText: separates all but the last item by commas', () => {
  expect(listText([], 'and')).toBe('');
  expect(listText(['a'], 'or')).toBe('a');
  expect(listText(['a', 'b'], 'nor')).toBe('a nor b');
  expect(listText(['a', 'b', 'c'], 'and')).toBe('a, b and c');
});
