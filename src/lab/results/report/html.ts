import { linkedText } from '../../bibliography';
import { printable } from '../../printable';
import { factsOf, NOTES } from './facts';
import type { Reported, ReportOptions } from './reported';
import { ownCount, reportTable } from './table';

/** Lines above and below tables as in a printed paper, aligned numbers, dark colours if the reader's system is dark. */
const STYLE = `
:root { color-scheme: light dark; --ink: #1b1a20; --muted: #62606b; --line: #c9c5ba; --paper: #fbfaf7; --oracle: #946600; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1f0ee; --muted: #a3a1ac; --line: #4a4853; --paper: #131217; --oracle: #e9b93c; } }
body { margin: 0 auto; max-width: 1400px; padding: 24px 16px; background: var(--paper); color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin: 36px 0 4px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0 16px; font-size: 13px; }
dt, .notes { color: var(--muted); } dd { margin: 0; }
dd { overflow-wrap: anywhere; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; border-block: 2px solid var(--ink); }
th, td { padding: 4px 10px; text-align: right; white-space: nowrap; }
th { font-weight: 600; } thead th { white-space: normal; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
th:first-child, td:nth-child(2), th:nth-child(2) { text-align: left; }
tbody th { font-weight: 400; } .original { color: var(--muted); } .oracle { color: var(--oracle); }
.first td, .first th { border-top: 1px solid var(--line); }
.notes { max-width: 75ch; font-size: 13px; }
@media print { body { max-width: none; } }
`;

/** The report as one self-contained page, one section per result. */
export function htmlReport(results: readonly Reported[], options: ReportOptions = {}): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Unlearning results</title>
<style>${STYLE}</style>
<main>
<h1>Unlearning results</h1>
${results.map((result) => section(result, options)).join('\n')}
<div class="notes">
${NOTES.map((note) => `<p>${linked(note)}</p>`).join('\n')}
</div>
</main>
</html>
`;
}

function section(result: Reported, options: ReportOptions): string {
  const { headings, rows } = reportTable(result, options);
  const facts = factsOf(result, options).map(([term, text]) => `<dt>${term}</dt><dd>${linked(text)}</dd>`);
  const body = rows.map(({ kind, method, strategy, alpha, n, cells }, i) => {
    // A line between methods, as between the blocks of a paper's table.
    const first = rows[i - 1]?.method !== method ? ' first' : '';
    const numbers = cells.map(
      (cell) => `<td>${cell.best ? `<b>${asText(cell.text)}</b>` : asText(cell.text)}${ownCount(cell)}</td>`,
    );
    return `<tr class="${kind}${first}"><th scope="row">${asText(method)}</th><td>${asText(strategy)}</td><td>${alpha}</td><td>${n}</td>${numbers.join('')}</tr>`;
  });
  return `<section>
<h2>${asText(result.study.name)}</h2>
${result.study.note ? `<p>${asText(result.study.note)}</p>` : ''}
<dl>${facts.join('')}</dl>
<div class="wide" tabindex="0" role="region" aria-label="Results of ${asText(result.study.name)}">
<table>
<thead><tr>${headings.map((heading) => `<th scope="col">${heading}</th>`).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>
</section>`;
}

/** Text with its web addresses and the papers that it names as links. */
function linked(text: string): string {
  if (/^https?:\/\/\S+$/.test(text)) return `<a href="${asText(text)}">${asText(text)}</a>`;
  return linkedText(text)
    .map((part) => (part.url ? `<a href="${part.url}">${asText(part.text)}</a>` : asText(part.text)))
    .join('');
}

function asText(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
