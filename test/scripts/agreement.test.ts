import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/agreement.md', root), 'utf8');

test('docs/agreement.md: has every case, and none beyond its tolerance (npm run docs agreement writes it)', () => {
  const cases = ['test/golden/', 'test/golden-extra/'].flatMap((folder) =>
    readdirSync(new URL(folder, root)).filter((name) => !name.endsWith('.md')),
  );
  expect([...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(cases.sort());
  const used = [...page.matchAll(/\| ([\d.]+) % \|$/gm)].map(([, share]) => Number(share));
  expect(used.length).toBeGreaterThan(cases.length);
  expect(Math.max(...used)).toBeLessThanOrEqual(100);
});

test('docs/agreement.md: has rows for every method of every unlearning case', () => {
  for (const name of ['unlearn-resnet', 'unlearn-more-resnet', 'unlearn-vit']) {
    const section = page.split(`## ${name}\n`)[1]!.split('\n## ')[0]!;
    const spec = JSON.parse(readFileSync(new URL(`test/golden/${name}/spec.json`, root), 'utf8'));
    for (const id of Object.keys(spec.algorithms)) expect(section).toContain(`| ${id}.param |`);
  }
});
