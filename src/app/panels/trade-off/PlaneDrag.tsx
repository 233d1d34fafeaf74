import { type PointerEvent, useState } from 'react';
import { getRelativeCoordinate, usePlotArea, useXAxisInverseScale, useYAxisInverseScale } from 'recharts';
import type { Place, PlaneZoom } from './use-plane-zoom';

/** Pixels that a pointer must go on both axes, so that a click is none. */
const LEAST = 8;

/** Lies below the points of the plane: a rectangle drawn with a mouse or a pen is shown alone, a double click shows the whole plane again. */
export function PlaneDrag({ zoom }: { zoom: PlaneZoom }) {
  const plot = usePlotArea();
  const [xAt, yAt] = [useXAxisInverseScale(), useYAxisInverseScale()];
  const [drawn, setDrawn] = useState<{ from: Place; to: Place }>();
  if (!plot || !xAt || !yAt) return null;
  const { x, y, width, height } = plot;
  const placeOf = (event: PointerEvent<SVGRectElement>): Place => {
    const { relativeX, relativeY } = getRelativeCoordinate(event);
    return {
      x: Math.max(x, Math.min(x + width, relativeX)),
      y: Math.max(y, Math.min(y + height, relativeY)),
    };
  };
  const end = () => {
    if (!drawn) return;
    setDrawn(undefined);
    const { from, to } = drawn;
    if (Math.abs(from.x - to.x) < LEAST || Math.abs(from.y - to.y) < LEAST) return;
    const [a, b] = [from, to].map((place) => ({ x: Number(xAt(place.x)), y: Number(yAt(place.y)) }));
    zoom.between(a!, b!);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys that zoom are those of the points and of the buttons */}
      <rect
        className="plane-drag"
        data-export="no"
        {...{ x, y, width, height }}
        onPointerDown={(event) => {
          // A finger scrolls the page.
          if (event.button !== 0 || event.pointerType === 'touch') return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const from = placeOf(event);
          setDrawn({ from, to: from });
        }}
        onPointerMove={(event) => {
          const to = placeOf(event);
          setDrawn((before) => before && { ...before, to });
        }}
        onPointerUp={end}
        onPointerCancel={() => setDrawn(undefined)}
        onDoubleClick={zoom.toWhole}
      />
      {drawn && (
        <rect
          className="plane-drawn"
          data-export="no"
          x={Math.min(drawn.from.x, drawn.to.x)}
          y={Math.min(drawn.from.y, drawn.to.y)}
          width={Math.abs(drawn.from.x - drawn.to.x)}
          height={Math.abs(drawn.from.y - drawn.to.y)}
        />
      )}
    </>
  );
}
