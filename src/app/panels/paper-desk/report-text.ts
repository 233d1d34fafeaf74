import { REPORT_FORMATS, type ReportFormat } from '../../../lab/results/report/formats';
import type { ReportOptions } from '../../../lab/results/report/reported';
import type { Study } from '../../../lab/study/study';
import { reportOfView } from '../../state/report-of-view';
import type { View } from '../../state/view';

/** Where links to studies begin. */
const thisPage = (): string => `${location.origin}${location.pathname}`;

/** `runs.tex`, `lethe.bib`. */
export function reportFileName({ id, extension }: Pick<ReportFormat, 'id' | 'extension'>): string {
  return `${id === 'bibtex' ? 'lethe' : id === 'csv-means' ? 'runs-means' : 'runs'}${extension}`;
}

/** What is shown, in one of the formats of `lethe report`. */
export function reportText(id: string, view: View, study: Study, choice: ReportOptions): string {
  const format = REPORT_FORMATS.find((each) => each.id === id)!;
  return format.render([reportOfView(view, study)], { site: thisPage(), ...choice });
}
