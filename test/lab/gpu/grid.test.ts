import { expect, test } from 'vitest';
import { gridOf } from '../../../src/lab/gpu/dispatch';
import { LetheError } from '../../../src/lab/settings';

test('dispatch: a count of any size is spread over two sides, a longer side is refused in a sentence', () => {
  expect(gridOf(65_536, 65_535, 'k')).toEqual([65_535, 2, 1]);
  expect(gridOf([65_535, 3, 1], 65_535, 'k')).toEqual([65_535, 3, 1]);
  const tooLarge = () => gridOf([65_536, 1, 1], 65_535, 'conv');
  expect(tooLarge).toThrow(LetheError);
  expect(tooLarge).toThrow(/^A batch is too large for this device: .*smaller batches, .*"microBatch"\.$/);
});
