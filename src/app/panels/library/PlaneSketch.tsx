import type { LibraryEntry, PlanePlace } from '../../../lab/library/entry';
import { paddedDomain } from '../../charts/domain';
import { markPath, starPath, strategyStyle } from '../../charts/strategy-style';
import { pixelScale } from '../../charts/ticks';

const [WIDTH, HEIGHT] = [96, 60];
const MARGIN = 7;

/** A small picture of a study's trade-off plane: test accuracy against Δ forget, with the oracle's line. */
export function PlaneSketch({ sketch }: Pick<LibraryEntry, 'sketch'>) {
  const { original, oracle, runs } = sketch;
  const places = [original, oracle, ...runs.map(({ at }) => at)].filter((at) => at !== undefined);
  if (places.length === 0) return <span className="sketch sketch-empty" aria-hidden />;
  const x = pixelScale(
    paddedDomain(
      places.map(([value]) => value),
      0,
      4,
    ),
    MARGIN,
    WIDTH - MARGIN,
  );
  const y = pixelScale(
    paddedDomain(
      places.map(([, value]) => value),
      0,
      4,
    ),
    HEIGHT - MARGIN,
    MARGIN,
  );
  const at = ([dx, dy]: PlanePlace) => `translate(${x(dx).toFixed(1)},${y(dy).toFixed(1)})`;
  return (
    <svg className="sketch" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      {oracle && <line className="sketch-level" x1={0} x2={WIDTH} y1={y(oracle[1])} y2={y(oracle[1])} />}
      {runs.map(({ strategy, at: place }, i) => {
        const { color, shape } = strategyStyle(strategy);
        return (
          <path
            // biome-ignore lint/suspicious/noArrayIndexKey: points have no identity beyond their place
            key={i}
            d={markPath(shape, 2.6)}
            transform={at(place)}
            style={{ color }}
            className="sketch-mark"
          />
        );
      })}
      {original && <circle r={3} transform={at(original)} fill="var(--original)" />}
      {oracle && <path d={starPath(5.5)} transform={at(oracle)} fill="var(--oracle)" />}
    </svg>
  );
}
