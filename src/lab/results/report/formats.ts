import { bibtexReport } from './bibtex';
import { csvMeans, csvReport } from './csv-report';
import { htmlReport } from './html';
import { latexReport } from './latex';
import { markdownReport } from './markdown';
import type { Reported, ReportOptions } from './reported';

/** A kind of text that results can be written as, on the page and by `lethe report --format`. */
export interface ReportFormat {
  id: string;
  label: string;
  /** One sentence: what is in it. */
  explanation: string;
  /** Of a file's name, the dot included. */
  extension: string;
  mime: string;
  render(results: readonly Reported[], options?: ReportOptions): string;
}

export const REPORT_FORMATS: readonly ReportFormat[] = [
  {
    id: 'latex',
    label: 'LaTeX',
    explanation: 'A floating table in the style of booktabs, with intervals, n and origin in its caption.',
    extension: '.tex',
    mime: 'application/x-tex',
    render: latexReport,
  },
  {
    id: 'markdown',
    label: 'Markdown',
    explanation: 'Facts, table and how to read it, for notes and issues.',
    extension: '.md',
    mime: 'text/markdown',
    render: markdownReport,
  },
  {
    id: 'html',
    label: 'HTML',
    explanation: 'The same as a page of its own, to be opened or printed anywhere.',
    extension: '.html',
    mime: 'text/html',
    render: htmlReport,
  },
  {
    id: 'csv',
    label: 'CSV',
    explanation:
      'A row for every model of every seed with all its numbers, six digits each, for pandas or a spreadsheet.',
    extension: '.csv',
    mime: 'text/csv',
    render: csvReport,
  },
  {
    id: 'csv-means',
    label: 'CSV of means',
    explanation:
      'A row for the seeds of a run together: of every number mean, standard deviation and half the interval.',
    extension: '.csv',
    mime: 'text/csv',
    render: csvMeans,
  },
  {
    id: 'bibtex',
    label: 'BibTeX',
    explanation: 'The papers of the strategies, methods and measures that were used, and Lethe itself.',
    extension: '.bib',
    mime: 'application/x-bibtex',
    render: bibtexReport,
  },
];
