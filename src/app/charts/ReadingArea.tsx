import { getRelativeCoordinate, useChartHeight, useChartWidth, useXAxisInverseScale } from 'recharts';

interface ReadingAreaProps {
  /** Of the horizontal axis; absent: the chart's only one. */
  axisId?: string;
  /** The value of the horizontal axis under the pointer, which may lie beyond the axis; undefined when the pointer has left. */
  onValue: (value: number | undefined) => void;
}

/** Covers a chart, the last of its children, and tells where on the horizontal axis the pointer is: mouse, pen or finger. */
export function ReadingArea({ axisId, onValue }: ReadingAreaProps) {
  const valueAt = useXAxisInverseScale(axisId);
  const [width, height] = [useChartWidth(), useChartHeight()];
  return (
    <rect
      data-export="no"
      fill="transparent"
      width={width}
      height={height}
      onPointerMove={(event) => {
        const value = valueAt?.(getRelativeCoordinate(event).relativeX);
        if (typeof value === 'number') onValue(value);
      }}
      onPointerLeave={() => onValue(undefined)}
    />
  );
}
