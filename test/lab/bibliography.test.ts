import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BIBLIOGRAPHY, type Citation, linkedText } from '../../src/lab/bibliography';
import { comparisons } from '../../src/lab/compare';
import { bibtexReport, citedBy } from '../../src/lab/results/report/bibtex';
import { registries } from '../../src/lab/session/all-registries';
import type { Entry } from '../../src/lab/settings';
import { LETHE_VERSION } from '../../src/lab/version';
import { reportResult } from '../support/report-results';

const citations: Citation[] = Object.values(BIBLIOGRAPHY);
const entries: Entry[] = [...Object.values(registries), comparisons].flatMap(
  (registry): readonly Entry[] => registry.entries,
);

test('registries: an entry names the keys of the papers that its reference names', () => {
  for (const { id, reference, cites = [] } of entries) {
    const named = citations.filter(({ named }) => reference.includes(named));
    const keys = cites.map((key) => BIBLIOGRAPHY[key]);
    expect(keys.map((key) => key.named).sort(), id).toEqual(named.map(({ named }) => named).sort());
  }
  // Of methods and strategies no paper is left out.
  for (const { id, reference, cites = [] } of [
    ...registries.localizers.entries,
    ...registries.unlearners.entries,
  ])
    if (/\b(et al\.|and \w+) (19|20)\d\d/.test(reference)) expect(cites, id).not.toEqual([]);
});

test('linkedText: papers become links, and nothing is lost', () => {
  for (const { reference } of entries)
    expect(
      linkedText(reference)
        .map(({ text }) => text)
        .join(''),
    ).toBe(reference);
  expect(linkedText('Fan et al. 2024, SalUn (arXiv 2310.12508); METHOD')).toEqual([
    { text: 'Fan et al. 2024', url: 'https://arxiv.org/abs/2310.12508' },
    { text: ', SalUn (' },
    { text: 'arXiv 2310.12508', url: 'https://arxiv.org/abs/2310.12508' },
    { text: '); METHOD' },
  ]);
});

test('BibTeX: the papers of what was used, DEL’s own and Lethe itself; every entry is whole', () => {
  const result = reportResult();
  // The membership attack is SalUn’s.
  expect(citedBy([result])).toEqual(['torkzadehmahani2025', 'fan2024']);
  const more = result.runs.map((run) => ({ ...run, method: 'scrub', strategy: 'salloc' }));
  expect(citedBy([{ ...result, runs: more }])).toEqual(['torkzadehmahani2025', 'fan2024', 'kurmanji2023']);
  const all = registries.unlearners.entries.flatMap(({ id: method }) =>
    registries.localizers.entries.map(({ id: strategy }) => ({ ...result.runs[0]!, method, strategy })),
  );
  const text = bibtexReport([{ ...result, runs: all }]);
  const found = [...text.matchAll(/^@(\w+)\{(\w+),\n((?: {2}\w+ = \{.*\},\n)+)\}$/gm)];
  expect(found.map(([whole]) => whole).join('\n\n')).toBe(text.trimEnd());
  for (const [, kind, , fields] of found) {
    expect(fields).toMatch(/ title = \{\{.+\}\},\n {2}author = \{.+\},/);
    if (kind !== 'software') expect(fields).toMatch(/ year = \{\d{4}\},/);
  }
  expect(text).toContain(`version = {${LETHE_VERSION}}`);
});

test('CITATION.cff and package.json say the version that results say', () => {
  const { version, license, description } = JSON.parse(readFileSync('package.json', 'utf8'));
  const cff = readFileSync('CITATION.cff', 'utf8');
  expect(version).toBe(LETHE_VERSION);
  expect(cff).toContain(`\nversion: ${version}\n`);
  expect(cff).toContain(`\nlicense: ${license}\n`);
  expect(cff).toContain(`\nabstract: ${description}.\n`);
  expect(cff).toContain('value: "arXiv:2412.02432"');
});
