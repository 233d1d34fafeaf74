import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { textSize, textWidth } from '../../charts/text-width';
import type { Size } from '../../ui/use-size';
import { PlaneRings } from './PlaneRings';
import { LABEL_PADDING, planeLabels } from './plane-labels';
import { planeMargins } from './plane-margins';
import type { PlaneModel, PlanePoint } from './plane-model';
import { ringsOf } from './plane-rings';
import type { PlaneWindow } from './plane-zoom';

interface PlaneNamesProps {
  /** What is seen of it. */
  model: PlaneModel;
  window: PlaneWindow;
  size: Size;
  /** The oracle around which rings of equal gap are drawn, in view or not. */
  rings: PlanePoint | undefined;
}

/**
 * Names beside the lines and marks where they cover nothing, which recharts' own labels do not look after, and the rings, whose labels they keep
 * clear of.
 */
export function PlaneNames({ model, window, size, rings }: PlaneNamesProps) {
  const plot = usePlotArea();
  const [xOf, yOf] = [useXAxisScale(), useYAxisScale()];
  if (!plot || !xOf || !yOf) return null;
  const [xDomain, yDomain] = [window.x, window.y];
  const x = (value: number) => xOf(value) ?? 0;
  const y = (value: number) => yOf(value) ?? 0;
  const lettersOf = (name: 'xs' | 's') => {
    const letters = textSize(name);
    return { size: letters, measure: (text: string) => textWidth(text, letters) };
  };
  const at = rings && { x: rings.x.mean, y: rings.y.mean };
  const drawn = at ? ringsOf({ oracle: at, x, y, xDomain, yDomain, plot, ...lettersOf('xs') }) : [];
  const { labels, unnamed } = planeLabels(model, {
    x,
    y,
    frame: { ...planeMargins(yDomain, size.height), ...size },
    taken: drawn.flatMap(({ label }) => label ?? []),
    ...lettersOf('s'),
  });
  return (
    <>
      <PlaneRings rings={drawn} />
      {labels.map(({ key, leader, color }) => {
        return leader && <line key={key} className="plane-leader" stroke={color} {...leader} />;
      })}
      {labels.map((label) => (
        <text
          key={label.key}
          className="plane-label"
          x={label.box.x + LABEL_PADDING}
          y={label.box.y + label.box.height / 2}
          dominantBaseline="central"
          fill={label.color}
        >
          {label.text}
        </text>
      ))}
      {unnamed > 0 && (
        <text
          className="plane-unnamed"
          x={size.width / 2}
          y={size.height - 8}
          textAnchor="middle"
          data-export="no"
        >
          {unnamed} without a name: point at {unnamed === 1 ? 'it' : 'them'}
        </text>
      )}
    </>
  );
}
