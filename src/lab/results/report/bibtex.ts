import { BIBLIOGRAPHY, type Citation, type CitationKey, PAPER, paperUrl } from '../../bibliography';
import { metrics } from '../../evaluate';
import { forgetRules } from '../../forget';
import { localizers } from '../../localize';
import { stages } from '../../stages';
import { unlearners } from '../../unlearn';
import { LETHE_VERSION } from '../../version';
import { latexText } from './latex-text';
import type { Reported } from './reported';

/** BibTeX of the papers that results rest on: of their strategies, methods, forget rules and measures; and of Lethe itself. */
export function bibtexReport(results: readonly Reported[]): string {
  const entries = citedBy(results).map((key) => entryOf(key, BIBLIOGRAPHY[key]));
  return `${[...entries, lethe()].join('\n\n')}\n`;
}

/** The keys, the paper's own first. */
export function citedBy(results: readonly Reported[]): CitationKey[] {
  const cites = results.flatMap(({ study, runs, originals }) => [
    ...(forgetRules.find(study.forget.rule)?.cites ?? []),
    ...runs.flatMap(({ strategy, method }) => [
      ...(localizers.find(strategy)?.cites ?? []),
      ...(unlearners.find(method)?.cites ?? []),
    ]),
    ...Object.keys(originals[0]?.metrics ?? {}).flatMap((id) => metrics.find(id)?.cites ?? []),
    ...(study.lira ? (stages.find('lira')?.cites ?? []) : []),
  ]);
  return [...new Set<CitationKey>([PAPER, ...cites.sort()])];
}

function entryOf(key: string, citation: Citation): string {
  const { kind, title, venue, year, arxiv, doi } = citation;
  return fieldsText(kind, key, {
    // In braces: styles would put the names of methods into small letters.
    title: `{${latexText(title)}}`,
    author: citation.authors.map(authorText).join(' and '),
    ...(venue && { [kind === 'article' ? 'journal' : 'booktitle']: latexText(venue) }),
    year: String(year),
    ...(doi && { doi }),
    ...(arxiv && { eprint: arxiv, archivePrefix: 'arXiv' }),
    ...(paperUrl(citation) && { url: paperUrl(citation)! }),
  });
}

/** `Surname, Given Names`. */
function authorText(name: string): string {
  const names = name.split(' ');
  return latexText(`${names.at(-1)}, ${names.slice(0, -1).join(' ')}`);
}

function lethe(): string {
  return fieldsText('software', 'lethe', {
    title: '{Lethe: a browser lab for localized machine unlearning}',
    author: '{The Lethe authors}',
    version: LETHE_VERSION,
  });
}

function fieldsText(kind: string, key: string, fields: Record<string, string>): string {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},`);
  return [`@${kind}{${key},`, ...lines, '}'].join('\n');
}
