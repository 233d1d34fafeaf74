import { memo } from 'react';
import type { ComparedSet } from '../../../lab/compare/comparison';
import { DRAWN_ORDER, type EmbeddedPoint } from './embedded';
import { placeAt } from './pictures';

/** A mark of a set, centred, `r` pixels across its half: sets differ in shape and in colour. */
const SHAPES: Record<ComparedSet, (x: number, y: number, r: number) => string> = {
  forget: (x, y, r) =>
    `M${x},${y - 1.35 * r}l${1.35 * r},${1.35 * r}l${-1.35 * r},${1.35 * r}l${-1.35 * r},${-1.35 * r}Z`,
  retain: (x, y, r) => `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0Z`,
  test: (x, y, r) => `M${x - 0.85 * r},${y - 0.85 * r}h${1.7 * r}v${1.7 * r}h${-1.7 * r}Z`,
};

/** As small as tells shapes apart, and smaller for what a filter leaves out. */
const RADIUS = 3;
const FAINT_RADIUS = 1.4;

export const markOf = (set: ComparedSet, x: number, y: number, r = RADIUS): string => SHAPES[set](x, y, r);

interface MarksProps {
  points: readonly EmbeddedPoint[];
  places: Float64Array;
  /** By position: whether the filters keep it. */
  lit: readonly boolean[];
  /** By position; undefined: none was picked, and all count. */
  picked?: readonly boolean[];
}

/** All points of a picture, as one path for each set and state: hundreds of images cost as much as a few. */
export const Marks = memo(function Marks({ points, places, lit, picked }: MarksProps) {
  const paths = new Map<string, string[]>();
  const rounded = (value: number) => Math.round(10 * value) / 10;
  points.forEach(({ set }, position) => {
    const state = !lit[position] ? 'faint' : !picked ? 'lit' : picked[position] ? 'picked' : 'rest';
    const key = `${set} ${state}`;
    const [x, y] = placeAt(places, position);
    const path = markOf(set, rounded(x), rounded(y), state === 'faint' ? FAINT_RADIUS : RADIUS);
    const known = paths.get(key);
    if (known) known.push(path);
    else paths.set(key, [path]);
  });
  const order = ['faint', 'rest', 'lit', 'picked'].flatMap((state) =>
    DRAWN_ORDER.map((set) => ({ set, state })),
  );
  return (
    <g className="embedded-marks">
      {order.map(({ set, state }) => {
        const drawn = paths.get(`${set} ${state}`);
        return drawn && <path key={`${set} ${state}`} data-set={set} data-state={state} d={drawn.join('')} />;
      })}
    </g>
  );
});
