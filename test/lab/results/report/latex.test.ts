import fc from 'fast-check';
import { latexParser } from 'latex-utensils';
import { expect, test } from 'vitest';
import { latexReport } from '../../../../src/lab/results/report/latex';
import { latexText } from '../../../../src/lab/results/report/latex-text';
import { NASTY, reportResult } from '../../../support/report-results';

type Node = latexParser.Node;

/** Every node, those in arguments, environments and formulas included. */
function nodesOf(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [
    node,
    ...('content' in node && Array.isArray(node.content) ? nodesOf(node.content as Node[]) : []),
    ...('args' in node && Array.isArray(node.args) ? nodesOf(node.args as Node[]) : []),
  ]);
}

/** What TeX would stumble on, or do that no text may ask for. */
function faultsOf(latex: string): string[] {
  // In a document, where the parser also tells environments that are not closed.
  const { content } = latexParser.parse(`\\begin{document}${latex}\\end{document}`);
  const all = nodesOf(content);
  const begun = all.filter((node) => latexParser.isCommand(node) && /^(begin|end)$/.test(node.name));
  const stray = all.filter((node) => /^(commandParameter|subscript|superscript)$/.test(node.kind));
  return [...begun, ...stray].map((node) => JSON.stringify(node));
}

/** The commands that a text became. */
const COMMANDS =
  /^(text(backslash|asciicircum|asciitilde|asciigrave|less|greater|bar)|ldots|ss|ae|AE|oe|OE|o|O|l|L|i|j|[{}$&#%_`'^~="urHvc.,])$/;

test('latexText: any text is set as letters; none of it becomes a command, a comment or a formula', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...NASTY, '{', '}', '\r', '\u00a0', '\u0301', 'é') }),
  );
  fc.assert(
    fc.property(text, (value) => {
      const latex = latexText(value);
      expect(latex).not.toMatch(/(^|[^\\])(\\\\)*[%&#]/);
      expect(latex).not.toContain('\n');
      for (const node of nodesOf(latexParser.parse(latex).content)) {
        if (latexParser.isCommand(node) && !latexParser.isInlineMath(node)) {
          const inFormula = /^\$[^$]*\$$/.test(latex);
          if (!inFormula && !COMMANDS.test(node.name)) expect(latex).toContain(`$\\${node.name}$`);
        }
        expect(node.kind).not.toMatch(/^(alignmentTab|commandParameter)$/);
      }
    }),
    { numRuns: 500 },
  );
});

test('latexText keeps what can be read', () => {
  expect(latexText('50 % of α/Δ − naïve Ž ß & Bărbulescu')).toBe(
    '50 \\% of $\\alpha$/$\\Delta$ $-$ na\\"{\\i}ve \\v{Z} \\ss{} \\& B\\u{a}rbulescu',
  );
  expect(latexText('a\n%b')).toBe('a \\%b');
});

/** The cells of a row of `tabular`, and how many columns each spans. */
function spansOf(row: string): number[] {
  return row
    .replaceAll('\\&', '')
    .split('&')
    .map((cell) => Number(/\\multicolumn\{(\d)\}/.exec(cell)?.[1] ?? 1));
}

test('latexReport: parses, every row fills the columns, names are escaped, labels and macros differ', () => {
  const named = reportResult(NASTY);
  const labelled = {
    ...named,
    runs: named.runs.map((run) => ({ ...run, label: `${NASTY} ${run.strategy}` })),
    device: { ...named.device, label: NASTY },
  };
  for (const columns of [undefined, ['lira', 'seconds'], ['deltaForget']]) {
    const latex = latexReport([labelled, reportResult('Second')], {
      site: 'https://a.example/x%20y/',
      columns,
    });
    expect(faultsOf(latex)).toEqual([]);
    expect(latex).not.toContain('\\input');
    const tables = [...latex.matchAll(/\\begin\{tabular\}\{@\{\}(.*?)@\{\}\}\n(.*?)\\end\{tabular\}/gs)];
    expect(tables).toHaveLength(2);
    for (const [, spec, body] of tables) {
      const width = spec!.replaceAll('@{}', '').length;
      const rows = body!.split('\n').filter((line) => line.endsWith('\\\\'));
      expect(rows).toHaveLength(6);
      for (const row of rows) expect(spansOf(row).reduce((sum, span) => sum + span)).toBe(width);
    }
    const labels = [...latex.matchAll(/\\label\{(.*?)\}/g)].map(([, label]) => label);
    expect(new Set(labels).size).toBe(2);
    // A link stands before its table, since it could not stand in a caption; one that is too long is left out.
    expect([...latex.matchAll(/\\urldef(\\\w+)\\url\{https/g)].map(([, macro]) => macro)).toEqual([
      '\\lethestudyb',
    ]);
    expect(latex).toContain('Study: \\lethestudyb{}.}');
  }
});

test('latexReport: a cell with fewer values than its row says its own n, and the caption what that is', () => {
  const whole = reportResult();
  const runs = whole.runs.map((run) => {
    const { mia: _, ...metrics } = run.metrics;
    return run.strategy === 'del' && run.seed === 0 ? { ...run, metrics } : run;
  });
  const columns = ['deltaForget', 'mia'];
  const latex = latexReport([{ ...whole, runs }], { columns });
  expect(latex).toMatch(
    /DEL & 0\.10 & 3 & \$\\mathbf\{\+2\.00\}\$ & [^&]*2\.48\$ & [^&]* & [^&]*\$ \(\$n = 2\$\) /,
  );
  expect(latex).toContain('Where a cell has fewer values, its own n stands beside it.');
  expect(faultsOf(latex)).toEqual([]);
  expect(latexReport([whole], { columns })).not.toMatch(/\(\$n =|its own n/);
});

test('latexReport: numbers are lined up, the best is bold, the caption says n, intervals and origin', () => {
  const latex = latexReport([reportResult()], {
    site: 'https://a.example/',
    columns: ['deltaForget', 'mia'],
  });
  expect(latex).toContain('\\usepackage{booktabs}');
  // t(0.975, 2) = 4.3027, standard deviation 1: half-width 4.3027 / sqrt(3) = 2.48; 12.4 for the other.
  expect(latex).toContain('$\\mathbf{+2.00}$ & $\\,\\pm\\,\\phantom{0}2.48$ &');
  expect(latex).toMatch(/Deepest & 0\.10 & 3 & \$-47\.67\$ & \$\\,\\pm\\,30\.86\$ &/);
  // One seed has no interval, the oracle no difference to itself.
  expect(latex).toMatch(/Shallowest & 0\.10 & 1 & \$\+5\.00\$ & {2}& /);
  expect(latex).toMatch(/Oracle \(retrained\) & {2}& {2}& 3 & \\multicolumn\{2\}\{c\}\{--\} & /);
  const caption = /\\caption\{(.*)\}\n/.exec(latex)![1]!;
  expect(caption).toContain('ResNet-8, 77,754 parameters, on Fashion-MNIST mini, 2000 training');
  expect(caption).toContain('200 training images to be forgotten: ');
  expect(caption).toContain('Student-t interval over the n seeds of each row; one seed has no interval');
  expect(caption).toContain(
    'fixture device, a software adapter, with an earlier version of Lethe, finished 2026-11-23',
  );
  const whole = { ...reportResult(), version: '9.8.7' };
  const same = latexReport([
    { ...whole, runs: whole.runs.filter(({ strategy }) => strategy !== 'shallowest') },
  ]);
  expect(same).toContain('over n = 3 seeds');
  expect(same).not.toContain('$n$');
  expect(same).toContain('with Lethe 9.8.7');
});
