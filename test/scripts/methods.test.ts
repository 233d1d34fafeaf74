import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { methodsPage } from '../../scripts/methods';

test('docs/methods.md: is what the registries say (npm run docs writes it)', () => {
  const file = readFileSync(new URL('../../docs/methods.md', import.meta.url), 'utf8');
  expect(methodsPage()).toBe(file);
});
