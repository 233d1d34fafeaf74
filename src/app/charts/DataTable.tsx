import type { ReactNode } from 'react';
import type { Cell } from './csv';

export interface Table {
  caption: string;
  columns: { label: string; head?: ReactNode; align?: 'left' | 'right' }[];
  rows: Cell[][];
}

/** The numbers behind a chart. Scrolls inside its pane, header in view. */
export function DataTable({ caption, columns, rows }: Table) {
  return (
    <section className="data-table" aria-label={caption} tabIndex={-1}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" data-align={column.align ?? 'right'}>
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
                  <td key={column.label} data-align={column.align ?? 'right'}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
