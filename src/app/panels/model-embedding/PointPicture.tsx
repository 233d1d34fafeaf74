import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { EmbeddedPoint } from './embedded';
import { Marks } from './Marks';
import {
  boxBetween,
  type Frame,
  nearestPosition,
  type Place,
  placeAt,
  positionsInside,
  STEPS,
  stepFrom,
} from './pictures';

interface PointPictureProps {
  title: string;
  frame: Frame;
  points: readonly EmbeddedPoint[];
  places: Float64Array;
  /** Where the pointed image lies for A and for B, in this picture. */
  trail?: readonly [Place, Place];
  lit: readonly boolean[];
  /** Positions that the filters keep: what can be pointed at and picked. */
  among: readonly number[];
  picked?: readonly boolean[];
  /** Position of the image under the pointer or cursor, in whichever pane. */
  pointed?: number;
  /** Position of the selected image. */
  selected?: number;
  /** A drag draws a line around points; otherwise it scrolls the page. */
  lasso: boolean;
  onPoint: (position: number | undefined) => void;
  onPick: (positions: number[]) => void;
  /** Adds a point to the picked ones, or takes it away. */
  onToggle: (position: number) => void;
  onClear: () => void;
  onOpen: (position: number) => void;
  describedBy: string;
}

/** In pixels: how far from a point the pointer means it, what is a drag, and how far a key moves a box's corner. */
const REACH = 14;
const DRAG = 6;
const STEP = 14;

/** One model's picture of the images: one stop of the tab key, whose arrow keys walk the points. */
export function PointPicture(props: PointPictureProps) {
  const { title, frame, points, places, trail, lit, among, picked, pointed, selected } = props;
  const { lasso, onPoint, onPick, onToggle, onClear, onOpen, describedBy } = props;
  const [line, setLine] = useState<Place[]>();
  const [box, setBox] = useState<{ from: Place; to: Place }>();

  const placeOf = (event: PointerEvent<SVGGElement>): Place => {
    const corner = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
    return [event.clientX - corner.left, event.clientY - corner.top];
  };
  const down = (event: PointerEvent<SVGGElement>) => {
    if (event.button !== 0) return;
    setBox(undefined);
    setLine([placeOf(event)]);
    if (lasso) event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<SVGGElement>) => {
    const place = placeOf(event);
    if (line && lasso) setLine([...line, place]);
    else onPoint(nearestPosition(places, among, place, REACH));
  };
  const up = (event: PointerEvent<SVGGElement>) => {
    const drawn = line;
    setLine(undefined);
    if (!drawn) return;
    if (isDrag(drawn)) return onPick(positionsInside(drawn, places, among));
    const hit = nearestPosition(places, among, placeOf(event), REACH);
    if (hit !== undefined) onOpen(hit);
  };

  /** From where the keys go on: what is pointed at, else what is selected, else the middle of the picture. */
  const cursor = () =>
    [pointed, selected].find((position) => position !== undefined && lit[position]) ??
    nearestPosition(places, among, [frame.left + frame.width / 2, frame.top + frame.height / 2]);
  const grow = (at: number, step: Place) => {
    const from = box?.from ?? placeAt(places, at);
    const to = box?.to ?? from;
    const grown = {
      from,
      to: [
        within(to[0] + STEP * step[0], frame.left, frame.width),
        within(to[1] + STEP * step[1], frame.top, frame.height),
      ] as const,
    };
    setBox(grown);
    onPick(positionsInside(boxBetween(grown.from, grown.to), places, among));
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const at = cursor();
    if (event.key === 'Escape' && (box || picked)) {
      setBox(undefined);
      onClear();
    } else if (at === undefined) return;
    else if (step && event.shiftKey) grow(at, step);
    else if (step) {
      setBox(undefined);
      onPoint(pointed === undefined ? at : (stepFrom(places, among, at, step) ?? at));
    } else if (event.key === 'Enter') onOpen(at);
    else if (event.key === ' ') onToggle(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const ring = (position: number | undefined, className: string) => {
    if (position === undefined) return null;
    const [x, y] = placeAt(places, position);
    return <circle className={className} cx={x} cy={y} r={7} />;
  };
  const { left, top, width, height } = frame;
  const drag = line && isDrag(line) ? line : box && boxBetween(box.from, box.to);
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/noInteractiveElementToNoninteractiveRole: SVG has no element of its own for points that arrow keys walk
    <g
      className="embedded-picture"
      role="group"
      tabIndex={0}
      aria-label={`${title}, ${among.length} images; arrow keys walk them, enter opens one, space picks one, shift and arrow keys pick those in a box, escape clears`}
      aria-describedby={describedBy}
      onKeyDown={press}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && onPoint(cursor())}
      onBlur={() => {
        setBox(undefined);
        onPoint(undefined);
      }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => setLine(undefined)}
      onPointerLeave={() => !line && onPoint(undefined)}
      data-lasso={lasso || undefined}
    >
      <text className="embedded-title" x={left + 1} y={top - 6}>
        {title}
      </text>
      <rect
        className="embedded-frame"
        x={left + 0.5}
        y={top + 0.5}
        width={Math.max(0, width - 1)}
        height={Math.max(0, height - 1)}
      />
      <Marks points={points} places={places} lit={lit} picked={picked} />
      <g data-export="no">
        {trail && <path className="embedded-trail" d={`M${trail.join('L')}`} />}
        {ring(selected, 'embedded-selected')}
        {ring(pointed, 'embedded-pointed')}
        {drag && (
          <polygon className="embedded-lasso" points={drag.map((place) => place.join(',')).join(' ')} />
        )}
      </g>
    </g>
  );
}

const within = (value: number, low: number, size: number) => Math.max(low, Math.min(low + size, value));

function isDrag(line: readonly Place[]): boolean {
  const [x, y] = line[0]!;
  return line.some(([u, v]) => Math.hypot(u - x, v - y) > DRAG);
}
