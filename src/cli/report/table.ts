import { deltas, distances } from '../../lab/evaluate/deltas';
import { type Interval, knownInterval } from '../../lab/evaluate/student';
import { fixed, meanText } from '../../lab/format';
import { selectsEverything } from '../../lab/localize';
import { groupRuns, methodLabel, type RunGroup, strategyLabel } from '../../lab/results/run-groups';
import type { ModelOutcome, RunOutcome, StudyResult } from '../../lab/study/result';

/** An outcome, with its differences to the oracle of its seed where they are known. */
type Measured = ModelOutcome & Partial<Pick<RunOutcome, 'deltas'>>;

/** What the columns show: one number of an outcome, with how it is printed. */
interface Column {
  heading: string;
  digits: number;
  signed?: boolean;
  /** A delta: the smallest one on average is the best. */
  compared?: boolean;
  value(outcome: Measured): number | undefined;
}

const delta = (heading: string, id: string): Column => ({
  heading,
  digits: 2,
  signed: true,
  compared: true,
  value: (outcome) => outcome.deltas?.[id],
});
const percent = (heading: string, id: string): Column => ({
  heading,
  digits: 2,
  value: ({ metrics }) => metrics[id],
});

/** The paper's three first (METHOD section 5), then what they are made of, then the cost. */
const COLUMNS: Column[] = [
  delta('Δ forget', 'forgetAccuracy'),
  delta('Δ MIA', 'mia'),
  delta('Δ test', 'testAccuracy'),
  { heading: 'Gap', digits: 2, compared: true, value: ({ deltas }) => deltas && distances(deltas).gap },
  { heading: 'ToW', digits: 3, value: ({ deltas }) => deltas && distances(deltas).toW },
  percent('Forget', 'forgetAccuracy'),
  percent('Retain', 'retainAccuracy'),
  percent('Test', 'testAccuracy'),
  percent('MIA', 'mia'),
  { heading: 'Images, millions', digits: 3, value: ({ cost }) => cost.examples / 1e6 },
  { heading: 'Weights changed, %', digits: 1, value: ({ cost }) => 100 * cost.changed },
];

export interface ReportRow {
  kind: 'oracle' | 'original' | 'run';
  method: string;
  strategy: string;
  alpha: string;
  n: number;
  cells: { text: string; best: boolean }[];
}

export interface ReportTable {
  headings: string[];
  rows: ReportRow[];
}

/** Strategy × method: one row for runs that differ only in their seed, mean ± half the 95 % t-interval. */
export function reportTable({ originals, oracles, runs }: StudyResult): ReportTable {
  const groups = groupRuns(runs);
  const names = namesOf(groups);
  const comparedOriginals = originals.map((original) => {
    const oracle = oracles.find(({ seed }) => seed === original.seed);
    return oracle ? { ...original, deltas: deltas(oracle.metrics, original.metrics) } : original;
  });
  const values = groups.map((group) => COLUMNS.map(({ value }) => knownInterval(group.runs.map(value))));
  const best = COLUMNS.map(({ compared }, column) =>
    compared && groups.length > 1
      ? Math.min(...values.map((row) => Math.abs(row[column]?.mean ?? Number.POSITIVE_INFINITY)))
      : undefined,
  );
  const cells = (row: (Interval | undefined)[], comparable: boolean) =>
    COLUMNS.map(({ digits, signed }, column) => ({
      text: meanText(row[column], digits, signed),
      best: comparable && row[column] !== undefined && Math.abs(row[column].mean) === best[column],
    }));
  const reference = (kind: 'oracle' | 'original', method: string, outcomes: Measured[]): ReportRow => ({
    kind,
    method,
    strategy: '',
    alpha: '',
    n: outcomes.length,
    cells: cells(
      COLUMNS.map(({ value }) => knownInterval(outcomes.map(value))),
      false,
    ),
  });
  return {
    headings: ['Method', 'Localization', 'α', 'n', ...COLUMNS.map(({ heading }) => heading)],
    rows: [
      reference('original', 'Original', comparedOriginals),
      reference('oracle', 'Oracle (retrained)', oracles),
      ...groups.map((group, i): ReportRow => {
        return { kind: 'run', ...names[i]!, n: group.runs.length, cells: cells(values[i]!, true) };
      }),
    ],
  };
}

/** Names from the registries. Where two rows would have the same name, the study's own label is added. */
function namesOf(groups: RunGroup<RunOutcome>[]): Pick<ReportRow, 'method' | 'strategy' | 'alpha'>[] {
  const names = groups.map(({ method, strategy, alpha }) => {
    const full = selectsEverything(strategy);
    return {
      method: methodLabel(method),
      strategy: full ? 'all weights' : strategyLabel(strategy),
      alpha: full ? '' : fixed(alpha, 2),
    };
  });
  const keys = names.map((name) => Object.values(name).join());
  return names.map((name, i) =>
    keys.indexOf(keys[i]!) === keys.lastIndexOf(keys[i]!)
      ? name
      : { ...name, method: `${name.method} (${groups[i]!.label})` },
  );
}
