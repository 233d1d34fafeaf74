/** Where matrices stand in a picture, in pixels. */

export interface Placed {
  /** Corner of the title's line. */
  x: number;
  y: number;
  /** Side of a field. */
  cell: number;
}

export interface MatrixLayout {
  width: number;
  height: number;
  a: Placed;
  b: Placed;
  difference: Placed;
}

export interface LabelSpace {
  /** Of the longest class name. */
  name: number;
  /** Height of the title's line. */
  title: number;
}

const GAP = 14;

/** Fields that fit into `room` beside the names. */
const cellIn = (room: number, classes: number, { name }: LabelSpace) =>
  Math.max(8, Math.floor((room - name - 4) / classes));

/** What a matrix takes from its title's line to the names of its columns. */
const heightOf = (cell: number, classes: number, { name, title }: LabelSpace) =>
  title + cell * classes + name + 4;

/**
 * Three beside each other where there is room; else A and B beside each other and the difference below, larger; on a phone one below the
 * other.
 */
export function matrixLayout(
  { width, height }: { width: number; height: number },
  classes: number,
  space: LabelSpace,
): MatrixLayout {
  const column = (columns: number, most = Number.POSITIVE_INFINITY) =>
    Math.min(most, cellIn((width - (columns - 1) * GAP) / columns, classes, space));
  if (width >= 760) {
    const fits = Math.floor((height - space.title - space.name - 4) / classes);
    const cell = column(3, Math.max(fits, 16));
    const step = (width + GAP) / 3;
    const at = (i: number) => ({ x: i * step, y: 0, cell });
    return { width, height: heightOf(cell, classes, space), a: at(0), b: at(1), difference: at(2) };
  }
  if (width >= 420) {
    const cell = column(2);
    const top = heightOf(cell, classes, space) + GAP;
    const fits = Math.floor((height - top - space.title - space.name - 4) / classes);
    const large = column(1, Math.max(fits, cell));
    return {
      width,
      height: top + heightOf(large, classes, space),
      a: { x: 0, y: 0, cell },
      b: { x: (width + GAP) / 2, y: 0, cell },
      difference: { x: 0, y: top, cell: large },
    };
  }
  const cell = column(1);
  const step = heightOf(cell, classes, space) + GAP;
  const at = (i: number) => ({ x: 0, y: i * step, cell });
  return { width, height: 3 * step - GAP, a: at(0), b: at(1), difference: at(2) };
}
