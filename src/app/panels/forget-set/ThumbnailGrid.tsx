import {
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { beginFrame } from '../../charts/canvas';
import { type Colors, useColors } from '../../charts/use-colors';
import type { ImageSet } from '../../state/image-set';
import { useSize } from '../../ui/use-size';
import {
  cellCorner,
  gridFor,
  gridHeight,
  moveInGrid,
  positionAt,
  rowsOfPage,
  scrollToCell,
  visibleRange,
} from './grid-math';
import { useThumbnails } from './thumbnails';

/** Where a picture stands, in pixels, and what there is to be said about it. */
export interface PaintedCell {
  context: CanvasRenderingContext2D;
  index: number;
  x: number;
  y: number;
  /** Side of the picture. */
  cell: number;
  isCursor: boolean;
  colors: Colors;
}

interface ThumbnailGridProps {
  data: Pick<ImageSet, 'images' | 'shape'>;
  /** Example indices in order of display. */
  shown: Int32Array;
  /** Of a picture, in pixels, about. */
  target?: number;
  gap?: number;
  /** Space below each picture for what `paint` writes there. */
  foot?: number;
  /** Draws what is said about a picture, over it and below; the same function as long as it draws the same. */
  paint: (cell: PaintedCell) => void;
  /** Nothing comes of a click. */
  inert?: boolean;
  /** Brought into view when it changes. */
  reveal?: number;
  /** A click, or the space bar; both with shift for a range. */
  onChoose: (position: number, range: boolean) => void;
  /** The enter key. */
  onOpen: (position: number) => void;
  /** An arrow key with shift has moved the cursor here. */
  onSweep?: (position: number) => void;
  /** The example under the pointer or cursor. */
  onPoint: (index: number | undefined) => void;
  label: string;
  describedBy: string;
}

/** A scrolling grid on one canvas: only what is in view is drawn, so ten thousand images cost as much as fifty. */
export function ThumbnailGrid(props: ThumbnailGridProps) {
  const { data, shown, target, gap, foot, paint, inert, reveal } = props;
  const { onChoose, onOpen, onSweep, onPoint } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [area, { width, height }] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [cursor, setCursor] = useState<number>();
  const colors = useColors();
  const pictures = useThumbnails(data);
  const grid = useMemo(
    () => gridFor(width, shown.length, target, gap, foot),
    [width, shown, target, gap, foot],
  );

  useLayoutEffect(() => {
    const context = canvas.current && beginFrame(canvas.current, width, height);
    if (!context || !pictures) return;
    const [first, end] = visibleRange(grid, scrollTop, height);
    for (let position = first; position < end; position++) {
      const [x, top] = cellCorner(grid, position);
      const cell = { context, index: shown[position]!, x, y: top - scrollTop, cell: grid.cell };
      context.save();
      context.beginPath();
      context.roundRect(cell.x, cell.y, cell.cell, cell.cell, 4);
      context.clip();
      pictures.draw(context, cell.index, cell.x, cell.y, cell.cell);
      context.restore();
      paint({ ...cell, isCursor: position === cursor, colors });
    }
  }, [grid, shown, cursor, scrollTop, width, height, pictures, colors, paint]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new selection of images starts at its top
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setCursor(undefined);
  }, [shown]);

  const scrollTo = (position: number) => {
    if (scroller.current)
      scroller.current.scrollTop = scrollToCell(grid, position, scroller.current.scrollTop, height);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the reader scrolls to stays in view
  useEffect(() => {
    const position = reveal === undefined ? -1 : shown.indexOf(reveal);
    if (position >= 0 && height > 0) scrollTo(position);
  }, [reveal, shown, height > 0]);

  const focus = (position: number | undefined) => {
    setCursor(position);
    onPoint(position === undefined ? undefined : shown[position]);
  };
  const at = (event: MouseEvent<HTMLDivElement>) => {
    const corner = event.currentTarget.getBoundingClientRect();
    const y = event.clientY - corner.top + event.currentTarget.scrollTop;
    return positionAt(grid, event.clientX - corner.left, y);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = event.key === ' ' || event.key === 'Enter';
    const page = rowsOfPage(grid, height);
    const next = cursor === undefined ? 0 : moveInGrid(grid, cursor, event.key, page);
    if (shown.length === 0 || (next === undefined && !pressed)) return;
    if (cursor === undefined && !pressed && moveInGrid(grid, 0, event.key, page) === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (pressed) {
      if (cursor === undefined) return;
      if (event.key === 'Enter') onOpen(cursor);
      else onChoose(cursor, event.shiftKey);
      return;
    }
    focus(next);
    if (event.shiftKey && next !== undefined && next !== cursor) onSweep?.(next);
    scrollTo(next!);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a canvas that arrow keys walk has no element of its own
    <div
      className="image-grid"
      ref={(element) => {
        scroller.current = element;
        return element ? area(element) : undefined;
      }}
      role="group"
      aria-label={props.label}
      aria-describedby={props.describedBy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor over the images
      tabIndex={0}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={press}
      onBlur={() => focus(undefined)}
      onPointerMove={(event) => focus(at(event))}
      onPointerLeave={() => focus(undefined)}
      onClick={(event) => {
        const position = at(event);
        if (position !== undefined) onChoose(position, event.shiftKey);
      }}
    >
      <div
        className="image-grid-area"
        data-read-only={inert || undefined}
        style={{ height: Math.max(gridHeight(grid), 1) }}
      >
        <canvas ref={canvas} style={{ width, height }} aria-hidden />
      </div>
    </div>
  );
}

/** Outlines a picture inside a ring of the pane's own colour, so that the line stands out against light and dark images alike. */
export function outlineCell({ context, x, y, cell, colors }: PaintedCell, color: string): void {
  for (const [stroke, inset, line] of [
    [colors.panel, 2.5, 1.5],
    [color, 1, 2.4],
  ] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = line;
    context.beginPath();
    context.roundRect(x + inset, y + inset, cell - 2 * inset, cell - 2 * inset, 4);
    context.stroke();
  }
}
