import { type Comparison, type Ordering, orderings } from '../lab/evaluate/orderings';
import { meanText } from '../lab/format';
import { NOTES as RUN_NOTES } from '../lab/results/report/facts';
import { markdownTable, runsTable, sectionHead } from '../lab/results/report/markdown';
import type { StudyResult } from '../lab/study/result';

const HEADINGS = ['Ordering', 'Compared', 'Difference, points', 'n', 'Verdict'];

const NOTES = [
  'The difference is what the compared sentence says is positive: mean over seeds ± half the 95 % Student-t interval, paired by seed; where the sentence says that two gaps are about equal, it is train-set’s less del’s. The gap of a run is the mean of its |Δ forget|, |Δ MIA| and |Δ test| to the oracle of its seed, in percentage points.',
  'Held: the whole interval agrees with the sentence. Not held: the whole interval contradicts it. Undecided: neither, or fewer than three seeds. An ordering held when all its comparisons did, and did not when one did not; the intervals are not adjusted for the number of comparisons.',
];

/** Which of the paper's orderings hold, as Markdown: one section per result. */
export function orderingsReport(results: readonly StudyResult[]): string {
  const sections = results.map((result) =>
    [
      ...sectionHead(result),
      ...markdownTable(HEADINGS, orderings(result).flatMap(rowsOf), 2),
      '',
      'The runs behind it:',
      '',
      ...runsTable(result),
      '',
    ].join('\n'),
  );
  const notes = [...NOTES, ...RUN_NOTES].map((note) => `${note}\n`);
  return ['# The paper’s orderings', '', ...sections, ...notes].join('\n');
}

function rowsOf({ number, title, comparisons, verdict }: Ordering): string[][] {
  const name = `**${number}. ${title}**`;
  if (comparisons.every(({ differences }) => differences.length === 0))
    return [[name, 'no runs for it', '', '', '–']];
  return [[name, '', '', '', `**${verdict}**`], ...comparisons.map(rowOf)];
}

function rowOf({ claim, differences, interval, verdict }: Comparison): string[] {
  return ['', claim, meanText(interval, 2, true), String(differences.length), verdict];
}
