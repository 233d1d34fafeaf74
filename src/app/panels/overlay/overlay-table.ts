import { type Cell, sixDigits } from '../../../lab/csv';
import { QUANTITIES, type QuantityId, quantity } from '../../state/quantities';
import { estimateText } from '../../state/quantity-text';
import type { Table } from '../../ui/DataTable';
import { TERMS } from '../../ui/terms';
import { type TableRow, tableRows, usualColumns } from '../runs-table/rows';
import type { Overlaid } from './overlaid';

const NO_MARKS = { pinned: [], hidden: [] };

const rowsOf = ({ numbers }: Overlaid): TableRow[] => tableRows(numbers, NO_MARKS, undefined);

/** The runs tables of several studies under each other, each row with the name of its study. */
export function overlayTable(studies: readonly Overlaid[]): Table {
  const rows = studies.map((study) => ({ study, rows: rowsOf(study) }));
  const shown = rows.flatMap((each) => usualColumns(each.rows));
  const columns = [...new Set<QuantityId>([...shown, 'gap'])];
  return {
    caption: 'Runs of all ticked studies',
    columns: [
      { label: 'study', align: 'left' },
      { label: 'run', align: 'left' },
      { label: TERMS.alpha.label },
      { label: 'n' },
      ...columns.map((id) => ({ label: TERMS[quantity(id).term].label })),
    ],
    rows: rows.flatMap(({ study, rows: own }) =>
      own.map((row): Cell[] => [
        `${study.letter} ${study.name}`,
        row.label,
        row.alpha,
        row.n,
        ...columns.map((id) =>
          row.kind === 'oracle' && quantity(id).signed
            ? undefined
            : estimateText(row.values[id], quantity(id)),
        ),
      ]),
    ),
  };
}

const ALL = Object.keys(QUANTITIES) as QuantityId[];

/** As result files have it: images, not thousands of them. */
const digits = (id: QuantityId, value: number | undefined) =>
  value === undefined ? undefined : sixDigits(value * (quantity(id).per ?? 1));

/** The same for a spreadsheet: n, and of every quantity that was measured the mean and half the 95 % interval. */
export function overlayExport(studies: readonly Overlaid[]): { header: string[]; cells: Cell[][] } {
  const tables = studies.map((study) => ({ study, rows: rowsOf(study) }));
  const measured = ALL.filter((id) => tables.some(({ rows }) => rows.some((row) => row.values[id])));
  const head = ['study', 'device', 'finished', 'run', 'strategy', 'method', 'alpha', 'n'];
  return {
    header: [...head, ...measured.flatMap((id) => [id, `${id} half-width of 95 % t-interval`])],
    cells: tables.flatMap(({ study, rows }) =>
      rows.map((row): Cell[] => [
        study.name,
        study.numbers.device.label,
        study.numbers.finished,
        row.label,
        row.strategy,
        row.group?.method,
        row.alpha,
        row.n,
        ...measured.flatMap((id) => [digits(id, row.values[id]?.mean), digits(id, row.values[id]?.half)]),
      ]),
    ),
  };
}
