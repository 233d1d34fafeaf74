import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('npm run docs: a page that it does not write is refused, and nothing is written', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', 'verdict'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('There is no page "verdict" to write; known are: agreement, orderings, verdicts.\n');
  expect([status, stdout]).toEqual([2, '']);
});
