import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';

interface ThresholdProps {
  threshold: number;
  /** Called at most once a frame while it is dragged. */
  onThreshold: (threshold: number) => void;
  /** The plot that it lies over, in pixels of the box around both. */
  plot: { left: number; right: number; top: number; bottom: number };
}

/** Within 0 and 1, in steps of a hundredth, free of binary leftovers. */
const snapped = (value: number) => Math.round(Math.max(0, Math.min(1, value)) * 100) / 100;

/** The line that parts what is taken for members from the rest: dragged anywhere on the plot, or moved by arrow keys. */
export function Threshold({ threshold, onThreshold, plot }: ThresholdProps) {
  const frame = useRef(0);
  const latest = useRef(threshold);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const corner = event.currentTarget.getBoundingClientRect();
    latest.current = snapped((event.clientX - corner.left) / corner.width);
    if (frame.current) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      onThreshold(latest.current);
    });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 0.1 : 0.01;
    const next: Record<string, number> = {
      ArrowLeft: threshold - step,
      ArrowDown: threshold - step,
      ArrowRight: threshold + step,
      ArrowUp: threshold + step,
      PageDown: threshold - 0.1,
      PageUp: threshold + 0.1,
      Home: 0,
      End: 1,
    };
    const target = next[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onThreshold(snapped(target));
  };
  return (
    <div
      className="threshold"
      style={plot}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && move(event)}
    >
      <div
        className="threshold-handle"
        role="slider"
        tabIndex={0}
        aria-label="Threshold of the attack: confidence from which an image is taken for a member"
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={threshold}
        aria-valuetext={threshold.toFixed(2)}
        style={{ left: `${100 * threshold}%` }}
        onKeyDown={press}
      />
    </div>
  );
}
