import { distances } from '../../evaluate/deltas';
import type { ModelOutcome, RunOutcome } from '../../study/result';

/** An outcome, with its differences to the oracle of its seed where they are known. */
export type Measured = ModelOutcome & Partial<Pick<RunOutcome, 'deltas'>>;

/** What a column of a report shows: one number of an outcome, with how it is printed. */
export interface ReportColumn {
  heading: string;
  digits: number;
  signed?: boolean;
  /** A difference: the smallest one on average is the best. */
  compared?: boolean;
  value(outcome: Measured): number | undefined;
}

const delta = (heading: string, id: string): ReportColumn => ({
  heading,
  digits: 2,
  signed: true,
  compared: true,
  value: ({ deltas }) => deltas?.[id],
});
const metric = (heading: string, id: string, digits = 2): ReportColumn => ({
  heading,
  digits,
  value: ({ metrics }) => metrics[id],
});

/** The paper's three first (METHOD section 5), then what they are made of, then the cost. */
export const REPORT_COLUMNS = {
  deltaForget: delta('Δ forget', 'forgetAccuracy'),
  deltaMia: delta('Δ MIA', 'mia'),
  deltaTest: delta('Δ test', 'testAccuracy'),
  deltaRetain: delta('Δ retain', 'retainAccuracy'),
  gap: { heading: 'Gap', digits: 2, compared: true, value: ({ deltas }) => deltas && distances(deltas).gap },
  toW: { heading: 'ToW', digits: 3, value: ({ deltas }) => deltas && distances(deltas).toW },
  forgetAccuracy: metric('Forget', 'forgetAccuracy'),
  retainAccuracy: metric('Retain', 'retainAccuracy'),
  testAccuracy: metric('Test', 'testAccuracy'),
  trueLabelAccuracy: metric('True labels', 'trueLabelAccuracy'),
  mia: metric('MIA', 'mia'),
  lira: metric('U-LiRA AUC', 'liraAuc'),
  liraShadows: metric('Shadow models', 'liraShadows', 0),
  examples: { heading: 'Images, millions', digits: 3, value: ({ cost }) => cost.examples / 1e6 },
  steps: { heading: 'Steps', digits: 0, value: ({ cost }) => cost.steps },
  seconds: { heading: 'Seconds', digits: 1, value: ({ cost }) => cost.seconds },
  changed: { heading: 'Weights changed, %', digits: 1, value: ({ cost }) => 100 * cost.changed },
} satisfies Record<string, ReportColumn>;

export type ReportColumnId = keyof typeof REPORT_COLUMNS;

/** Of a report that scrolls. */
export const USUAL_COLUMNS: readonly ReportColumnId[] = [
  'deltaForget',
  'deltaMia',
  'deltaTest',
  'gap',
  'toW',
  'forgetAccuracy',
  'retainAccuracy',
  'testAccuracy',
  'mia',
  'examples',
  'changed',
];

/** Of a table on paper, which has room for five with their intervals. */
export const PAPER_COLUMNS: readonly ReportColumnId[] = [
  'deltaForget',
  'deltaMia',
  'deltaTest',
  'gap',
  'testAccuracy',
];
