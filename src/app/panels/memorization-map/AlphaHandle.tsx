import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef } from 'react';
import { alphaText } from '../../../lab/format';
import { useSize } from '../../ui/use-size';

interface AlphaHandleProps {
  alpha: number;
  /** Called at most once a frame while dragging. */
  onAlpha: (alpha: number) => void;
  /** Scores at evenly spaced shares of the weights, most critical first; absent where there is no ranking to show. */
  curve?: Float32Array;
  /** Whether the part left of the handle is what is selected. */
  filled: boolean;
  disabled?: boolean;
}

const HEIGHT = 46;
const STEP = 0.005;

/** Rounds to the handle's grid, free of binary leftovers: 0.1, not 0.10000000000000002. */
export function snapAlpha(alpha: number): number {
  return Number((Math.round(Math.max(0, Math.min(1, alpha)) / STEP) * STEP).toFixed(3));
}

function curvePath(curve: Float32Array, width: number): string {
  const top = curve.reduce((max, value) => Math.max(max, value), 0) || 1;
  // A square root keeps the tail of heavy-tailed scores visible without hiding that the head is far higher.
  const y = (value: number) => (HEIGHT - 2 - Math.sqrt(Math.max(0, value) / top) * (HEIGHT - 6)).toFixed(1);
  const points = Array.from(
    curve,
    (value, i) => `${((i / (curve.length - 1)) * width).toFixed(1)},${y(value)}`,
  );
  return `M0,${HEIGHT}L${points.join('L')}L${width},${HEIGHT}Z`;
}

/** The sorted scores with the budget's handle: what is left of it is selected. */
export function AlphaHandle({ alpha, onAlpha, curve, filled, disabled }: AlphaHandleProps) {
  const [box, { width }] = useSize<HTMLDivElement>();
  const clip = useId();
  const frame = useRef(0);
  const latest = useRef(alpha);
  const path = useMemo(() => (curve && width > 0 ? curvePath(curve, width) : ''), [curve, width]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const move = (event: PointerEvent<HTMLDivElement>) => {
    const corner = event.currentTarget.getBoundingClientRect();
    latest.current = snapAlpha((event.clientX - corner.left) / corner.width);
    if (frame.current) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      onAlpha(latest.current);
    });
  };
  const release = () => {
    cancelAnimationFrame(frame.current);
    frame.current = 0;
    onAlpha(latest.current);
  };
  const press = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 0.05 : 0.01;
    const next: Record<string, number> = {
      ArrowLeft: alpha - step,
      ArrowDown: alpha - step,
      ArrowRight: alpha + step,
      ArrowUp: alpha + step,
      PageDown: alpha - 0.1,
      PageUp: alpha + 0.1,
      Home: 0,
      End: 1,
    };
    const target = next[event.key];
    if (target === undefined || disabled) return;
    event.preventDefault();
    event.stopPropagation();
    onAlpha(snapAlpha(target));
  };

  const x = alpha * width;
  return (
    <div
      ref={box}
      className="alpha"
      data-disabled={disabled || undefined}
      onPointerDown={(event) => {
        if (disabled || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && move(event)}
      onPointerUp={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && release()}
    >
      <svg width={width} height={HEIGHT} aria-hidden="true">
        <clipPath id={clip}>
          <rect width={x} height={HEIGHT} />
        </clipPath>
        <path className="alpha-all" d={path} />
        {filled && <path className="alpha-taken" d={path} clipPath={`url(#${CSS.escape(clip)})`} />}
        <line className="alpha-floor" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      <div
        className="alpha-handle"
        role="slider"
        tabIndex={disabled ? -1 : 0}
        aria-label="alpha: share of the weights that the mask may select"
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={alpha}
        aria-valuetext={alphaText(alpha)}
        aria-disabled={disabled}
        style={{ transform: `translateX(${x}px)` }}
        onKeyDown={press}
      />
    </div>
  );
}
