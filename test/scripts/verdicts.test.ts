import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verdictsPage } from '../../scripts/verdicts';
import { readResult } from '../../src/cli/read-result';

test('docs/verdicts.md and README.md: say what the recorded studies say (npm run docs verdicts writes it)', async () => {
  const names = readdirSync('public/recorded').sort();
  const results = await Promise.all(names.map((name) => readResult(`public/recorded/${name}`)));
  const [page, readme] = ['docs/verdicts.md', 'README.md'].map((name) => readFileSync(name, 'utf8'));
  expect(verdictsPage(page!, results)).toBe(page);
  expect(verdictsPage(readme!, [results[names.indexOf('quickstart.json')]!])).toBe(readme);
});
