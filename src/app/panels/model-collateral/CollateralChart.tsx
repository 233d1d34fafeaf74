import { type MouseEvent, type Ref, useMemo } from 'react';
import { getRelativeCoordinate, Line, LineChart, usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import { leftAxisWidth } from '../../charts/axis-width';
import { EndLabels } from '../../charts/EndLabels';
import { FocusableChart } from '../../charts/FocusableChart';
import type { Size } from '../../ui/use-size';
import { modelColor } from '../compared/model-color';
import { type CollateralImages, nearestPlace, type SideCollateral } from './collateral-model';

interface CollateralChartProps {
  svg: Ref<SVGSVGElement>;
  images: CollateralImages;
  sides: readonly SideCollateral[];
  size: Size;
  /** Place of the image that is read, and of the one that is selected. */
  cursor: number | undefined;
  selected: number | undefined;
  onCursor: (place: number | undefined) => void;
  onChoose: (place: number) => void;
}

const TOP = 24;
const BOTTOM = 36;
const RIGHT = 12;
const EVERY = 36;
const MARGIN = { left: 0, right: RIGHT, top: TOP, bottom: 14 };
/** Pixels from a point at which it is still meant: a finger's are wide. */
const REACH = 24;

/** A point for every retained image and model, with the running mean over them. */
export function CollateralChart(props: CollateralChartProps) {
  const { svg, images, sides, size, cursor, selected, onCursor, onChoose } = props;
  const { width, height } = size;
  const { distance } = images;
  const xDomain = useMemo(() => withRoom(distance[0]!, distance.at(-1)!), [distance]);
  const yDomain = useMemo(() => {
    const most = Math.max(0, ...sides.map(({ change }) => change.reduce((a, b) => Math.max(a, b), 0)));
    return [0, Math.max(0.02, 1.05 * most)] as [number, number];
  }, [sides]);
  const ends = sides.map(({ letter, model, means }) => {
    const { distance, change } = means.at(-1)!;
    return { id: letter, color: modelColor(model), points: [{ epoch: distance, value: change }] };
  });
  const pixels = height - TOP - BOTTOM;
  const left = leftAxisWidth(yDomain, pixels, EVERY);
  return (
    <FocusableChart
      label="Change of retained images against their distance to the nearest forget image; arrow keys read the images, nearest first, enter selects one"
      cursor={cursor}
      last={distance.length - 1}
      onCursor={onCursor}
      onChoose={onChoose}
    >
      <LineChart ref={svg} width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
        <LeftAxis domain={yDomain} pixels={pixels} every={EVERY} width={left} clips />
        <BottomAxis
          domain={xDomain}
          pixels={width - left - RIGHT}
          every={70}
          height={BOTTOM - MARGIN.bottom}
          dataKey="distance"
          clips
        />
        <text className="axis-title" x={4} y={11}>
          ↑ total variation from the oracle
        </text>
        <text className="axis-title" x={width - RIGHT} y={height - 3} textAnchor="end">
          distance to the nearest forget image →
        </text>
        {sides.map((side) => (
          <Points key={side.letter} side={side} distance={distance} />
        ))}
        {sides.map(({ letter, model, means }) => (
          <Line
            key={letter}
            className="collateral-mean"
            data={means}
            dataKey="change"
            stroke={modelColor(model)}
            strokeWidth={2.4}
            strokeDasharray={letter === 'B' ? '6 4' : undefined}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
            zIndex={0}
          />
        ))}
        <EndLabels curves={ends} />
        <Rings className="collateral-selected" place={selected} {...{ sides, distance }} />
        <Rings className="collateral-cursor" place={cursor} {...{ sides, distance }} />
        <PointingArea {...{ sides, distance, size, cursor, onCursor, onChoose }} />
      </LineChart>
    </FocusableChart>
  );
}

/** A little room at both ends; one distance alone has some too. */
function withRoom(low: number, high: number): [number, number] {
  const room = 0.03 * (high - low) || Math.abs(high) || 1;
  return [low - room, high + room];
}

type Placed = Pick<CollateralImages, 'distance'>;

/** Where the points of a model lie, in pixels; undefined before the axes are known. */
function usePlaces(distance: Float64Array, sides: readonly SideCollateral[]) {
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  return useMemo(() => {
    if (!x || !y) return undefined;
    return {
      xs: distance.map((value) => x(value) ?? Number.NaN),
      ys: sides.map(({ change }) => change.map((value) => y(value) ?? Number.NaN)),
    };
  }, [x, y, distance, sides]);
}

/** All points of a model as one path: thousands of elements would be slow. B's are paler, so that A's are seen among them. */
function Points({ side, distance }: { side: SideCollateral } & Placed) {
  const sides = useMemo(() => [side], [side]);
  const places = usePlaces(distance, sides);
  const path = useMemo(() => {
    if (!places) return '';
    const { xs, ys } = places;
    return Array.from(xs, (x, i) => `M${x.toFixed(1)},${ys[0]![i]!.toFixed(1)}h0`).join('');
  }, [places]);
  return (
    <path className="collateral-points" data-letter={side.letter} d={path} stroke={modelColor(side.model)} />
  );
}

interface RingsProps extends Placed {
  className: string;
  sides: readonly SideCollateral[];
  place: number | undefined;
}

/** Marks an image in every model. */
function Rings({ className, sides, distance, place }: RingsProps) {
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!x || !y || place === undefined) return null;
  return (
    <g className={className} data-export="no">
      {sides.map(({ letter, change }) => (
        <circle key={letter} cx={x(distance[place])} cy={y(change[place])} r={5} />
      ))}
    </g>
  );
}

type PointingAreaProps = Pick<CollateralChartProps, 'sides' | 'size' | 'cursor' | 'onCursor' | 'onChoose'> &
  Placed;

/** Covers the chart and finds the image that is meant. */
function PointingArea({ sides, distance, size, cursor, onCursor, onChoose }: PointingAreaProps) {
  const plot = usePlotArea();
  const places = usePlaces(distance, sides);
  if (!plot || !places) return null;
  const meant = (event: MouseEvent<SVGRectElement>) => {
    const { relativeX: x, relativeY: y } = getRelativeCoordinate(event);
    return nearestPlace({ x, y }, places.xs, places.ys, REACH);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys that read and select are the chart's
    <rect
      className="collateral-area"
      data-export="no"
      width={size.width}
      height={size.height}
      onPointerDown={(event) => onCursor(meant(event))}
      onPointerMove={(event) => onCursor(meant(event))}
      onPointerLeave={() => onCursor(undefined)}
      onClick={(event) => {
        // A mouse chooses what is read, as clicks tell whole pixels only; a finger has left by then.
        const place = cursor ?? meant(event);
        if (place !== undefined) onChoose(place);
      }}
    />
  );
}
