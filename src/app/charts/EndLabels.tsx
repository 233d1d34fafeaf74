import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import type { LinesModel } from './lines';
import { spread } from './place-labels';
import { textSize } from './text-width';

/** Names beside the last points, moved apart where lines end close to each other: recharts' own labels would lie on one another. */
export function EndLabels({ curves, level }: Pick<LinesModel, 'curves' | 'level'>) {
  const plot = usePlotArea();
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!plot || !x || !y) return null;
  const right = plot.x + plot.width;
  const ends = curves.map(({ id, color, points }) => {
    const { epoch, value } = points.at(-1)!;
    return { text: id, color, x: x(epoch) ?? right, y: y(value) ?? plot.y };
  });
  if (level) ends.push({ text: level.name, color: level.color, x: right, y: y(level.value) ?? plot.y });
  const placed = spread(
    ends.map((end) => end.y),
    textSize('s') + 2,
    plot.y,
    plot.y + plot.height,
  );
  return ends.map((end, i) => (
    <text
      key={end.text}
      className="curve-label"
      x={end.x + 8}
      y={placed[i]}
      dominantBaseline="central"
      fill={end.color}
    >
      {end.text}
    </text>
  ));
}
