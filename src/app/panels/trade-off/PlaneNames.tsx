import { useXAxisScale, useYAxisScale } from 'recharts';
import type { Size } from '../../ui/use-size';
import { planeLabels } from './plane-labels';
import { planeMargins } from './plane-margins';
import type { PlaneModel } from './plane-model';

/** Names beside the lines and marks where they cover nothing, which recharts' own labels do not look after. */
export function PlaneNames({ model, size }: { model: PlaneModel; size: Size }) {
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!x || !y) return null;
  const labels = planeLabels(model, {
    x: (value) => x(value) ?? 0,
    y: (value) => y(value) ?? 0,
    frame: { ...planeMargins(model.yDomain, size.height), ...size },
  });
  return labels.map((label) => (
    <text
      key={label.key}
      className="plane-label"
      x={label.box.x}
      y={label.box.y + label.box.height / 2}
      dominantBaseline="central"
      fill={label.color}
    >
      {label.text}
    </text>
  ));
}
