import type { ReactNode } from 'react';
import type { Cell } from '../../lab/csv';
import { count } from './format';

export interface Table {
  caption: string;
  columns: { label: string; head?: ReactNode; align?: 'left' | 'right' }[];
  rows: Cell[][];
  /** How many rows there are where `rows` are only the first of them. */
  total?: number;
}

interface DataTableProps extends Table {
  /** Asks for more rows than these. */
  onMore?: () => void;
}

/** The numbers behind a chart. Scrolls inside its pane, header in view. */
export function DataTable({ caption, columns, rows, total = rows.length, onMore }: DataTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls within itself must be reachable by keyboard
    <section className="data-table" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, j) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name, as both axes of a map do
              <th key={j} scope="col" data-align={column.align ?? 'right'}>
                {column.head ?? column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity beyond their place
            <tr key={i}>
              {row.map((cell, j) => {
                const column = columns[j]!;
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <td key={j} data-align={column.align ?? 'right'}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < total && (
        <p className="muted">
          The first {count(rows.length)} of {count(total)} rows; the CSV has all.{' '}
          {onMore && (
            <button type="button" className="text-button" onClick={onMore}>
              Show more
            </button>
          )}
        </p>
      )}
    </section>
  );
}
