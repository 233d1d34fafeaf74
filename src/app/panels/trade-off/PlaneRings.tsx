import { type Ring, ringText } from './plane-rings';

/** Rings of equal least gap around the oracle, each with its gap in points. */
export function PlaneRings({ rings }: { rings: readonly Ring[] }) {
  return (
    <g className="plane-rings" aria-hidden>
      {rings.map(({ gap, sides, label }) => (
        <g key={gap}>
          <path d={sides.map(({ x1, y1, x2, y2 }) => `M${x1},${y1}L${x2},${y2}`).join('')} />
          {label && (
            <text x={label.x} y={label.y + label.height / 2} dominantBaseline="central">
              {ringText(gap)}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}
