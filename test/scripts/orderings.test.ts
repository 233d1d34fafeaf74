import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { orderingsPage, RECORDED } from '../../scripts/orderings';
import { readResult } from '../../src/cli/read-result';

test('docs/orderings.md: is what the recorded studies say (npm run docs orderings writes it)', async () => {
  const page = readFileSync('docs/orderings.md', 'utf8');
  const results = await Promise.all(RECORDED.map((name) => readResult(`public/recorded/${name}`)));
  expect(orderingsPage(page, results)).toBe(page);
});
