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
  type Grid,
  gridFor,
  gridHeight,
  moveInGrid,
  positionAt,
  scrollToCell,
  visibleRange,
} from './grid-math';
import { type Thumbnails, useThumbnails } from './thumbnails';

interface ImageGridProps {
  data: Pick<ImageSet, 'images' | 'shape'>;
  /** Example indices in order of display. */
  shown: Int32Array;
  /** By example index. */
  selected: ReadonlySet<number>;
  readOnly: boolean;
  /** Toggles the examples; a range when made with shift. */
  onToggle: (indices: number[]) => void;
  /** The example under the pointer or cursor. */
  onPoint: (index: number | undefined) => void;
  describedBy: string;
}

/** A scrolling grid on one canvas: only what is in view is drawn, so ten thousand images cost as much as fifty. */
export function ImageGrid(props: ImageGridProps) {
  const { data, shown, selected, readOnly, onToggle, onPoint, describedBy } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [area, { width, height }] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [cursor, setCursor] = useState<number>();
  const anchor = useRef<number>(undefined);
  const colors = useColors();
  const pictures = useThumbnails(data);
  const grid = useMemo(() => gridFor(width, shown.length), [width, shown]);

  useLayoutEffect(() => {
    const context = canvas.current && beginFrame(canvas.current, width, height);
    if (context && pictures)
      drawGrid(context, { grid, shown, selected, cursor, scrollTop, height, pictures, colors });
  }, [grid, shown, selected, cursor, scrollTop, width, height, pictures, colors]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new selection of images starts at its top
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setCursor(undefined);
    anchor.current = undefined;
  }, [shown]);

  const focus = (position: number | undefined) => {
    setCursor(position);
    onPoint(position === undefined ? undefined : shown[position]);
  };
  const at = (event: MouseEvent<HTMLDivElement>) => {
    const corner = event.currentTarget.getBoundingClientRect();
    const y = event.clientY - corner.top + event.currentTarget.scrollTop;
    return positionAt(grid, event.clientX - corner.left, y);
  };
  const choose = (position: number, range: boolean) => {
    if (readOnly) return;
    const from = range ? (anchor.current ?? position) : position;
    const [low, high] = [Math.min(from, position), Math.max(from, position)];
    // The anchor itself was toggled by the click before, so a range starts behind it.
    const indices = [...shown.subarray(low, high + 1)].filter(
      (_, i) => low + i !== from || !range || from === position,
    );
    anchor.current = position;
    onToggle(indices);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const space = event.key === ' ' || event.key === 'Enter';
    const page = Math.max(1, Math.floor(height / (grid.cell + grid.gap)) - 1);
    const next = cursor === undefined ? 0 : moveInGrid(grid, cursor, event.key, page);
    if (shown.length === 0 || (next === undefined && !space)) return;
    if (cursor === undefined && !space && moveInGrid(grid, 0, event.key, page) === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (space) {
      if (cursor !== undefined) choose(cursor, event.shiftKey);
      return;
    }
    focus(next);
    if (event.shiftKey && next !== undefined && next !== cursor) choose(next, false);
    if (scroller.current)
      scroller.current.scrollTop = scrollToCell(grid, next!, scroller.current.scrollTop, height);
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
      aria-label={`${shown.length} training images; arrow keys move, space selects`}
      aria-describedby={describedBy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor over the images
      tabIndex={0}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={press}
      onBlur={() => focus(undefined)}
      onPointerMove={(event) => focus(at(event))}
      onPointerLeave={() => focus(undefined)}
      onClick={(event) => {
        const position = at(event);
        if (position !== undefined) choose(position, event.shiftKey);
      }}
    >
      <div
        className="image-grid-area"
        data-read-only={readOnly || undefined}
        style={{ height: Math.max(gridHeight(grid), 1) }}
      >
        <canvas ref={canvas} style={{ width, height }} aria-hidden />
      </div>
    </div>
  );
}

interface Drawing {
  grid: Grid;
  shown: Int32Array;
  selected: ReadonlySet<number>;
  cursor: number | undefined;
  scrollTop: number;
  height: number;
  pictures: Thumbnails;
  colors: Colors;
}

function drawGrid(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { grid, shown, selected, cursor, scrollTop, height, pictures, colors } = drawing;
  const [first, end] = visibleRange(grid, scrollTop, height);
  for (let position = first; position < end; position++) {
    const [x, top] = cellCorner(grid, position);
    const y = top - scrollTop;
    const index = shown[position]!;
    context.save();
    context.beginPath();
    context.roundRect(x, y, grid.cell, grid.cell, 4);
    context.clip();
    pictures.draw(context, index, x, y, grid.cell);
    context.restore();
    const isSelected = selected.has(index);
    if (!isSelected && position !== cursor) continue;
    // Inside a ring of the pane's own colour, so that the outline stands out against light and dark images alike.
    for (const [color, inset, line] of [
      [colors.panel, 2.5, 1.5],
      [isSelected ? colors.forget : colors.ink, 1, 2.4],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = line;
      context.beginPath();
      context.roundRect(x + inset, y + inset, grid.cell - 2 * inset, grid.cell - 2 * inset, 4);
      context.stroke();
    }
    if (isSelected && position === cursor) {
      context.strokeStyle = colors.ink;
      context.lineWidth = 1.5;
      context.strokeRect(x + 4.5, y + 4.5, grid.cell - 9, grid.cell - 9);
    }
  }
}
