import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { strategyStyle } from '../../charts/strategy-style';
import type { PlaneModel } from './plane-model';

/**
 * Where the running unlearning has been. The epochs right after a reset lie far below the plane and are kept at its edge, which is why this is
 * no series: recharts would widen the axes for them, or clip them away.
 */
export function PlaneTrail({ trail, strategy }: { trail: PlaneModel['trail']; strategy: string }) {
  const plot = usePlotArea();
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!plot || !x || !y) return null;
  const places = trail.map((at) => ({
    epoch: at.epoch,
    x: x(at.x) ?? plot.x,
    y: Math.max(plot.y, Math.min(plot.y + plot.height, y(at.y) ?? plot.y)),
  }));
  return (
    <g className="plane-trail" style={{ color: strategyStyle(strategy).color }}>
      <path d={`M${places.map((at) => `${at.x},${at.y}`).join('L')}`} />
      {places.map((at, i) => (
        <circle key={at.epoch} cx={at.x} cy={at.y} r={i === places.length - 1 ? 6 : 2.5} />
      ))}
    </g>
  );
}
