/** Where matrices stand in a picture, in pixels. */

export interface Placed {
  /** Left end of the title's line, which stands over the fields, and its top. */
  x: number;
  y: number;
  /** Side of a field. */
  cell: number;
  /** Whether the rows' names stand left of `x`. */
  named: boolean;
}

export interface MatrixLayout {
  width: number;
  height: number;
  a: Placed;
  b: Placed;
  difference: Placed;
}

export interface MatrixSpace {
  rows: number;
  columns: number;
  /** Of the longest class name, beside the rows and below the columns. */
  name: number;
  /** Height of the title's line. */
  title: number;
}

const GAP = 14;
const LARGEST = 44;
/** Rather than smaller ones the picture gets higher. */
const SMALLEST = 14;

/** How many stand beside each other in each line. */
const ARRANGEMENTS: readonly (readonly number[])[] = [[3], [2, 1], [1, 1, 1]];

/**
 * Beside or below each other, whichever leaves the fields largest: a line of several names its rows once.
 * @param height that should not be exceeded; the picture is higher where fields would become too small
 */
export function matrixLayout(
  { width, height }: { width: number; height: number },
  space: MatrixSpace,
): MatrixLayout {
  const layouts = ARRANGEMENTS.map((lines) => arranged(lines, width, height, space));
  return layouts.reduce((best, other) => (smallestOf(other) > smallestOf(best) ? other : best));
}

const smallestOf = ({ a, b, difference }: MatrixLayout) => Math.min(a.cell, b.cell, difference.cell);

function arranged(
  lines: readonly number[],
  width: number,
  height: number,
  { rows, columns, name, title }: MatrixSpace,
): MatrixLayout {
  const around = title + name + 6;
  const left = name + 5;
  const free = height - lines.length * around - (lines.length - 1) * GAP;
  const fitting = lines.map((count) => (width - left - (count - 1) * GAP) / (count * columns));
  // Lines share the height: what one does not need is the others'.
  let remaining = free;
  const cells = new Array<number>(lines.length).fill(0);
  const narrowFirst = fitting.map((_, i) => i).sort((i, j) => fitting[i]! - fitting[j]!);
  narrowFirst.forEach((line, done) => {
    const share = remaining / (lines.length - done) / rows;
    cells[line] = Math.max(1, Math.floor(Math.min(LARGEST, fitting[line]!, Math.max(SMALLEST, share))));
    remaining -= cells[line]! * rows;
  });
  let y = 0;
  const placed = lines.flatMap((count, line) => {
    const cell = cells[line]!;
    const top = y;
    y += around + cell * rows + GAP;
    return Array.from({ length: count }, (_, i) => ({
      x: left + i * (cell * columns + GAP),
      y: top,
      cell,
      named: i === 0,
    }));
  });
  const [a, b, difference] = placed as [Placed, Placed, Placed];
  return { width, height: y - GAP, a, b, difference };
}
