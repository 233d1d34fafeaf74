import type { KeyboardEvent, ReactNode } from 'react';

interface FocusableChartProps {
  /** What it shows, and that arrow keys read it. */
  label: string;
  /** The value that is read now. */
  cursor: number | undefined;
  /** Values run from 0 up to this. */
  last: number;
  onCursor: (cursor: number | undefined) => void;
  /** Values stand one below the other: up and down walk them. */
  isUpright?: boolean;
  /** Enter or space was pressed on the value that is read. */
  onChoose?: (cursor: number) => void;
  children: ReactNode;
}

/** A chart that takes the focus and whose values the arrow keys walk; what is read is said by the pane's live text. */
export function FocusableChart(props: FocusableChartProps) {
  const { label, cursor, last, onCursor, isUpright = false, onChoose, children } = props;
  const [back, on] = isUpright ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
  const press = (event: KeyboardEvent) => {
    const step = { [on!]: 1, [back!]: -1 }[event.key];
    if (step !== undefined) onCursor(cursor === undefined ? 0 : Math.max(0, Math.min(last, cursor + step)));
    else if (onChoose && cursor !== undefined && (event.key === 'Enter' || event.key === ' '))
      onChoose(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart that arrow keys walk is a group, not a set of form fields
    <div
      className="chart"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the values
      tabIndex={0}
      aria-label={label}
      onBlur={() => onCursor(undefined)}
      onKeyDown={press}
    >
      {children}
    </div>
  );
}
