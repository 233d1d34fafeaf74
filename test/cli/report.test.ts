import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { htmlReport } from '../../src/lab/results/report/html';
import { markdownReport } from '../../src/lab/results/report/markdown';
import { reportTable } from '../../src/lab/results/report/table';
import { verdictOfResult } from '../../src/lab/results/verdict/verdict';
import type { StudyResult } from '../../src/lab/study/result';
import { fixtureStudy } from '../support/fixture-study';
import { lethe } from '../support/lethe';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Three seeds of two configurations, with deltas that can be checked by hand. */
function result(name: string): StudyResult {
  const fixture = fixtureStudy();
  const [del, deepest] = ['del', 'deepest'].map((strategy) =>
    fixture.runs.filter((run) => run.strategy === strategy && run.alpha === 0.1),
  );
  const withDeltas = (runs: StudyResult['runs'], forget: number[]) =>
    runs.map((run, i) => ({
      ...run,
      deltas: { forgetAccuracy: forget[i]!, mia: 1, testAccuracy: -2 },
    }));
  return {
    ...fixture,
    study: { ...fixture.study, name, data: { ...fixture.study.data, source: 'fashion-mnist-mini' } },
    runs: [...withDeltas(del!, [1, 2, 3]), ...withDeltas(deepest!, [-40, -41, -42])],
  };
}

test('report table: seeds become a mean with a Student-t interval, and the smallest delta is marked', () => {
  const { headings, rows } = reportTable(result('Test'));
  expect(headings.slice(0, 7)).toEqual(['Method', 'Localization', 'α', 'n', 'Δ forget', 'Δ MIA', 'Δ test']);
  expect(rows.map(({ kind }) => kind)).toEqual(['original', 'oracle', 'run', 'run']);
  const [, , del, deepest] = rows;
  expect(del).toMatchObject({ strategy: 'DEL', alpha: '0.10', n: 3 });
  // t(0.975, 2) = 4.3027, standard deviation 1: half-width 4.3027 / sqrt(3) = 2.48.
  expect(del!.cells[0]).toEqual({ text: '+2.00 ± 2.48', best: true });
  expect(deepest!.cells[0]).toEqual({ text: '−41.00 ± 2.48', best: false });
  // Gaps (|1| + 1 + 2) / 3, (2 + 1 + 2) / 3, (3 + 1 + 2) / 3.
  expect(del!.cells[3]!.text).toBe('1.67 ± 0.83');
  expect(rows[0]!.cells.some(({ best }) => best)).toBe(false);
});

test('report table: a cell of which a seed has no value says how many have, in HTML and Markdown too', () => {
  const whole = result('Test');
  const runs = whole.runs.map((run) => {
    const { mia: _, ...metrics } = run.metrics;
    return run.strategy === 'del' && run.seed === 0 ? { ...run, metrics } : run;
  });
  const some = { ...whole, runs };
  const columns = ['deltaForget', 'mia'];
  const { rows } = reportTable(some, { columns });
  expect(rows.map(({ n, cells }) => [n, ...cells.map((cell) => cell.n)])).toEqual([
    [3, undefined, undefined],
    [3, undefined, undefined],
    [3, undefined, 2],
    [3, undefined, undefined],
  ]);
  const marked = `${rows[2]!.cells[1]!.text} (n = 2)`;
  expect(markdownReport([some], { columns })).toContain(`| ${marked} |`);
  expect(htmlReport([some], { columns })).toContain(`<td>${marked}</td>`);
  expect(markdownReport([whole], { columns })).not.toContain('(n = ');
});

test('report table: budgets are printed exactly, with as many digits in every row', () => {
  const some = result('Test');
  const at = (alpha: number) =>
    some.runs.slice(0, 1).map((run) => ({ ...run, id: `del-finetune-a${alpha}-s0`, alpha }));
  const alphas = (...budgets: number[]) =>
    reportTable({ ...some, runs: budgets.flatMap(at) })
      .rows.slice(2)
      .map(({ alpha }) => alpha);
  expect(alphas(0.1, 0.3)).toEqual(['0.10', '0.30']);
  expect(alphas(0.005, 0.3, 0.305)).toEqual(['0.005', '0.300', '0.305']);
});

test('lethe report: HTML and Markdown of several results, with names escaped', async () => {
  const paths = ['A <b>bold</b> | study', 'Another'].map((name, i) => {
    const path = join(folder, `${i}.json`);
    writeFileSync(path, JSON.stringify(result(name)));
    return path;
  });
  for (const [file, mark] of [
    ['report.html', '<b>+2.00 ± 2.48</b>'],
    ['report.md', '**+2.00 ± 2.48**'],
  ] as const) {
    const out = join(folder, file);
    expect((await lethe(['report', ...paths, '--out', out])).code).toBe(0);
    const text = readFileSync(out, 'utf8');
    expect(text).toContain(verdictOfResult(result('Test'))!);
    expect(text.split(mark)).toHaveLength(3);
    expect(text).toContain('2000 training and 2000 test images');
    expect(text).not.toContain('<b>bold</b> | study');
    expect(text).not.toMatch(/undefined|NaN|https?:/);
  }
  const { code, stderr } = await lethe(['report', ...paths, '--out', join(folder, 'report.pdf')]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('must end in .tex, .md, .html, .csv or .bib, not'),
  ]);
});

test('lethe report: every format, by the ending of the file or by name', async () => {
  const path = join(folder, 'formats.json');
  writeFileSync(path, JSON.stringify(result('Formats')));
  const report = async (file: string, ...more: string[]) => {
    const out = join(folder, file);
    const { code, stderr } = await lethe(['report', path, '--out', out, ...more]);
    expect(stderr).toContain(`Done: ${out}`);
    expect(code).toBe(0);
    return readFileSync(out, 'utf8');
  };
  expect(await report('table.tex', '--site', 'https://a.example/')).toContain(
    '\\url{https://a.example/#s=1.',
  );
  expect(await report('lethe.bib')).toContain('@article{torkzadehmahani2025,');
  expect((await report('runs.csv')).split('\r\n')).toHaveLength(1 + 6 + 6 + 1);
  expect((await report('means.csv', '--format', 'csv-means')).split('\r\n')).toHaveLength(1 + 4 + 1);
  expect(await report('table.txt', '--format', 'latex')).toContain('\\toprule');
  const refused = await lethe(['report', path, '--out', join(folder, 'x.tex'), '--format', 'word']);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('no format "word"')]);
});

test('lethe orderings: partial results, to standard output or a file', async () => {
  const path = join(folder, 'partial.json');
  writeFileSync(path, JSON.stringify(result('Partial | study')));
  const printed = await lethe(['orderings', path]);
  expect(printed).toMatchObject({ code: 0, stdout: expect.stringContaining('## Partial \\| study') });
  // The fixture has `deepest` at α 0.1 only, so only the ordering about it can be decided at that budget.
  expect(printed.stdout).toMatch(/deepest stays nearer to the original.*\| \+\d.* \| 3 \| held \|/);
  expect(printed.stdout).toMatch(/\*\*2\. .*\| no runs for it \|/);
  expect(printed.stdout).toMatch(/\*\*3\. .*\| \*\*undecided\*\* \|/);
  expect(printed.stdout).not.toMatch(/undefined|NaN/);
  const out = join(folder, 'orderings.md');
  expect((await lethe(['orderings', path, '--out', out])).code).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe(printed.stdout);
  expect((await lethe(['orderings'])).stderr).toContain('needs folders or result files');
});

test('lethe report: a format that contradicts the ending of --out is refused', async () => {
  const path = join(folder, 'contradiction.json');
  writeFileSync(path, JSON.stringify(result('Test')));
  const out = join(folder, 'table.csv');
  const { code, stderr } = await lethe(['report', path, '--format', 'markdown', '--out', out]);
  expect(stderr).toMatch(/--format markdown does not go with ".*table\.csv", which ends like csv/);
  expect(code).toBe(2);
});
