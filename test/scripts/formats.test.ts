import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dataPage } from '../../scripts/formats';
import { fileFormats } from '../../src/lab/data/formats';
import { checkpointFormats } from '../../src/lab/nn/checkpoints';

const page = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');

test('docs/data.md: has the tables that the registries give: npm run docs writes them', () => {
  expect(dataPage(page)).toBe(page);
});

test('docs/data.md: lists every format that is read, once', () => {
  for (const { label, explanation } of [...fileFormats.entries, ...checkpointFormats.entries])
    expect(
      page.split('\n').filter((line) => line.startsWith(`| ${label} |`) && line.includes(explanation)),
    ).toHaveLength(1);
});
