import type { Table } from '../../ui/DataTable';

/** A grid of overlaps as a table of numbers. */
export function gridTable(
  caption: string,
  rows: string[],
  columns: string[],
  values: (number | undefined)[][],
): Table {
  return {
    caption,
    columns: [{ label: ' ', align: 'left' }, ...columns.map((label) => ({ label }))],
    rows: rows.map((row, i) => [row, ...values[i]!.map((value) => value?.toFixed(3) ?? '–')]),
  };
}

/** Black or white, whichever is read better on an `rgb(…)` colour (WCAG 2 contrast; at least 4.5 with one of them). */
export function textColorOn(color: string): 'black' | 'white' {
  const [r, g, b] = color.match(/\d+(\.\d+)?/g)!.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? 'black' : 'white';
}
