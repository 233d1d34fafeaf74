/** The image grid's arithmetic: which cells are in view, and what a key does. Positions count shown images from 0. */

export interface Grid {
  columns: number;
  rows: number;
  /** Side of a cell and distance between cells, in pixels. */
  cell: number;
  gap: number;
  /** Space for text below each cell, in pixels. */
  foot: number;
  count: number;
}

/** Cells of about `target` pixels that fill the width exactly. */
export function gridFor(width: number, count: number, target = 34, gap = 4, foot = 0): Grid {
  const columns = Math.max(1, Math.floor((width + gap) / (target + gap)));
  const cell = Math.max(8, (width - (columns - 1) * gap) / columns);
  return { columns, rows: Math.ceil(count / columns), cell, gap, foot, count };
}

/** From the top of one row to the top of the next. */
const rowPitch = ({ cell, foot, gap }: Grid) => cell + foot + gap;

export function gridHeight(grid: Grid): number {
  return Math.max(0, grid.rows * rowPitch(grid) - grid.gap);
}

/** Whole rows that fit into a height, one less than fit so that a page turn keeps a row in sight; at least one. */
export function rowsOfPage(grid: Grid, height: number): number {
  return Math.max(1, Math.floor(height / rowPitch(grid)) - 1);
}

/** First position in view and the one behind the last, whole rows. */
export function visibleRange(grid: Grid, scrollTop: number, height: number): [number, number] {
  const pitch = rowPitch(grid);
  const first = Math.max(0, Math.floor(scrollTop / pitch));
  const last = Math.min(grid.rows, Math.ceil((scrollTop + height) / pitch));
  return [first * grid.columns, Math.max(first * grid.columns, Math.min(grid.count, last * grid.columns))];
}

export function cellCorner(grid: Grid, position: number): [x: number, y: number] {
  const column = position % grid.columns;
  return [column * (grid.cell + grid.gap), Math.floor(position / grid.columns) * rowPitch(grid)];
}

/** The position at a point of the whole grid; undefined outside. Gaps belong to the cell before them. */
export function positionAt(grid: Grid, x: number, y: number): number | undefined {
  const column = Math.floor(x / (grid.cell + grid.gap));
  if (x < 0 || y < 0 || column >= grid.columns) return undefined;
  const position = Math.floor(y / rowPitch(grid)) * grid.columns + column;
  return position < grid.count ? position : undefined;
}

/** Where a key leads from `position`; undefined for keys that do not move. @param page rows in view. */
export function moveInGrid(grid: Grid, position: number, key: string, page: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -grid.columns,
    ArrowDown: grid.columns,
    PageUp: -grid.columns * page,
    PageDown: grid.columns * page,
    Home: -grid.count,
    End: grid.count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(grid.count - 1, position + step));
}

/** Scroll offset that brings a position into view, moving as little as possible. */
export function scrollToCell(grid: Grid, position: number, scrollTop: number, height: number): number {
  const [, y] = cellCorner(grid, position);
  if (y < scrollTop) return y;
  return Math.max(scrollTop, y + grid.cell + grid.foot - height);
}
