import { deltas } from '../../evaluate/deltas';
import { type Interval, knownInterval } from '../../evaluate/student';
import { meanText } from '../../format';
import { selectsEverything } from '../../localize';
import type { RunOutcome } from '../../study/result';
import { groupRuns, hasBudget, methodLabel, type RunGroup, strategyLabel } from '../run-groups';
import {
  type Measured,
  REPORT_COLUMNS,
  type ReportColumn,
  type ReportColumnId,
  USUAL_COLUMNS,
} from './columns';
import type { Reported } from './reported';

export interface ReportRow {
  kind: 'oracle' | 'original' | 'run';
  method: string;
  strategy: string;
  alpha: string;
  n: number;
  cells: ReportCell[];
}

export interface ReportCell {
  /** `NOTHING` where nothing was measured. */
  text: string;
  best: boolean;
  /** How many values are behind it, where not every repeat of the row has one (an attack that failed on a seed). */
  n?: number;
}

export interface ReportTable {
  /** Of method, localization, α and n, then of the columns. */
  headings: string[];
  columns: ReportColumn[];
  rows: ReportRow[];
}

/**
 * Strategy × method: one row for runs that differ only in their seed, mean ± half the 95 % t-interval.
 * @param choice which columns, and which groups of runs in which order, by id and key; what is unknown is left out
 */
export function reportTable(
  { originals, oracles, runs }: Pick<Reported, 'originals' | 'oracles' | 'runs'>,
  choice: { columns?: readonly string[]; groups?: readonly string[] } = {},
): ReportTable {
  const columns = (choice.columns ?? USUAL_COLUMNS).flatMap((id): ReportColumn[] =>
    id in REPORT_COLUMNS ? [REPORT_COLUMNS[id as ReportColumnId]] : [],
  );
  const all = groupRuns(runs);
  const groups = choice.groups?.flatMap((key) => all.find((group) => group.key === key) ?? []) ?? all;
  const names = namesOf(groups);
  const values = groups.map((group) => columns.map(({ value }) => knownInterval(group.runs.map(value))));
  const best = columns.map(({ compared }, column) =>
    compared && groups.length > 1
      ? Math.min(...values.map((row) => Math.abs(row[column]?.mean ?? Number.POSITIVE_INFINITY)))
      : undefined,
  );
  const cells = (row: (Interval | undefined)[], n: number, comparable: boolean) =>
    columns.map(({ digits, signed }, column): ReportCell => {
      const interval = row[column];
      return {
        text: meanText(interval, digits, signed),
        best: comparable && interval !== undefined && Math.abs(interval.mean) === best[column],
        ...(interval && interval.n < n && { n: interval.n }),
      };
    });
  const reference = (kind: 'oracle' | 'original', method: string, outcomes: Measured[]): ReportRow => ({
    kind,
    method,
    strategy: '',
    alpha: '',
    n: outcomes.length,
    cells: cells(
      columns.map(({ value }) => knownInterval(outcomes.map(value))),
      outcomes.length,
      false,
    ),
  });
  return {
    headings: ['Method', 'Localization', 'α', 'n', ...columns.map(({ heading }) => heading)],
    columns,
    rows: [
      reference('original', 'Original', comparedOriginals({ originals, oracles })),
      reference('oracle', 'Oracle (retrained)', oracles),
      ...groups.map((group, i): ReportRow => {
        const n = group.runs.length;
        return { kind: 'run', ...names[i]!, n, cells: cells(values[i]!, n, true) };
      }),
    ].filter(({ n }) => n > 0),
  };
}

/** ` (n = 2)` behind a cell that has fewer values than its row says. */
export const ownCount = ({ n }: ReportCell): string => (n === undefined ? '' : ` (n = ${n})`);

/** The originals with their differences to the oracle of their seed. */
export function comparedOriginals({
  originals,
  oracles,
}: Pick<Reported, 'originals' | 'oracles'>): Measured[] {
  return originals.map((original) => {
    const oracle = oracles.find(({ seed }) => seed === original.seed);
    return oracle ? { ...original, deltas: deltas(oracle.metrics, original.metrics) } : original;
  });
}

/** Names from the registries. Where two rows would have the same name, the study's own label is added. */
function namesOf(groups: RunGroup<RunOutcome>[]): Pick<ReportRow, 'method' | 'strategy' | 'alpha'>[] {
  const budgets = groups.filter(hasBudget).map(({ alpha }) => alpha);
  // As few digits as say every budget exactly, the same in all rows.
  const digits = [2, 3, 4, 5, 6].find((count) => budgets.every((own) => Number(own.toFixed(count)) === own));
  const textOf = (alpha: number) => (digits === undefined ? String(alpha) : alpha.toFixed(digits));
  const names = groups.map(({ method, strategy, alpha }) => ({
    method: methodLabel(method),
    strategy: selectsEverything(strategy) ? 'all weights' : strategyLabel(strategy),
    alpha: hasBudget({ strategy, method }) ? textOf(alpha) : '',
  }));
  const keys = names.map((name) => Object.values(name).join());
  return names.map((name, i) =>
    keys.indexOf(keys[i]!) === keys.lastIndexOf(keys[i]!)
      ? name
      : { ...name, method: `${name.method} (${groups[i]!.label})` },
  );
}
