import type { Interval } from '../../../lab/evaluate/student';
import { groupRuns } from '../../../lab/results/run-groups';
import { shortenLabels } from '../../../lab/results/run-names';
import { type Numbers, QUANTITIES, type QuantityId } from '../../state/quantities';
import {
  budgetOf,
  estimateOf,
  oraclesAsRuns,
  originalsAsRuns,
  type RunGroup,
} from '../../state/run-estimates';
import type { RunMarks } from '../../state/run-marks';
import type { ModelView, RunView } from '../../state/view';

export interface TableRow {
  key: string;
  label: string;
  /** References always stand on top and can be neither hidden nor deleted. */
  kind: 'oracle' | 'original' | 'run';
  strategy?: string;
  alpha?: number;
  /** Seeds whose numbers are in. */
  n: number;
  group?: RunGroup;
  values: Partial<Record<QuantityId, Interval>>;
}

export interface Sort {
  by: QuantityId | 'label' | 'alpha';
  descending: boolean;
}

const ALL = Object.keys(QUANTITIES) as QuantityId[];
const COMPACT: readonly QuantityId[] = ['forgetAccuracy', 'testAccuracy', 'mia', 'deltaForget'];
/** Measured only by studies that ask about it. */
const ASKED: readonly QuantityId[] = ['trueLabelAccuracy', 'lira'];

/** The columns that are shown at first: the few that say most, and what only these rows measure. */
export function usualColumns(rows: readonly TableRow[]): QuantityId[] {
  const asked = ASKED.filter((id) => rows.some((row) => row.values[id]));
  return ALL.filter((id) => COMPACT.includes(id) || asked.includes(id));
}

function valuesOf(models: readonly Numbers[]): TableRow['values'] {
  return Object.fromEntries(ALL.map((id) => [id, estimateOf(models, id)]));
}

const finished = (models: readonly Numbers[]) => models.filter((model) => model.metrics).length;

function sortValue(row: TableRow, by: Sort['by']): number | string | undefined {
  if (by === 'label') return row.label;
  if (by === 'alpha') return row.alpha;
  // A difference is sorted by how far from the oracle it is, on either side.
  const mean = row.values[by]?.mean;
  return mean !== undefined && 'signed' in QUANTITIES[by] ? Math.abs(mean) : mean;
}

function compare(a: TableRow, b: TableRow, { by, descending }: Sort): number {
  const [x, y] = [sortValue(a, by), sortValue(b, by)];
  // What has no number yet stands last in both directions.
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  const order = typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y);
  return descending ? -order : order;
}

/** Rows in order of display: references, pinned runs, the rest. Hidden runs are left out. */
export function tableRows(
  input: { originals: readonly ModelView[]; oracles: readonly ModelView[]; runs: readonly RunView[] },
  marks: RunMarks,
  sort: Sort | undefined,
): TableRow[] {
  const original = originalsAsRuns(input.originals, input.oracles);
  const oracle = oraclesAsRuns(input.oracles);
  const references: TableRow[] = [];
  if (finished(oracle) > 0)
    references.push({
      key: 'oracle',
      label: 'oracle (retrained)',
      kind: 'oracle',
      n: finished(oracle),
      values: valuesOf(oracle),
    });
  if (finished(original) > 0)
    references.push({
      key: 'original',
      label: 'original',
      kind: 'original',
      n: finished(original),
      values: valuesOf(original),
    });
  const groups = groupRuns(input.runs);
  const labels = shortenLabels(groups.map((group) => group.label));
  const rows = groups
    .map(
      (group, i): TableRow => ({
        key: group.key,
        label: labels[i]!,
        kind: 'run',
        strategy: group.strategy,
        alpha: budgetOf(group),
        n: finished(group.runs),
        group,
        values: valuesOf(group.runs),
      }),
    )
    .filter((row) => !marks.hidden.includes(row.key));
  if (sort) rows.sort((a, b) => compare(a, b, sort));
  const pinned = (row: TableRow) => marks.pinned.includes(row.key);
  return [...references, ...rows.filter(pinned), ...rows.filter((row) => !pinned(row))];
}
