import { memo } from 'react';
import { Scatter } from 'recharts';
import { strategyStyle } from '../../charts/strategy-style';
import type { PlaneLine } from './plane-model';

/** What recharts reads of a line. */
export const seriesOf = ({ key, strategy, points }: PlaneLine) => ({
  key,
  color: strategyStyle(strategy).color,
  data: points.map(({ x, y }) => ({ x: x.mean, y: y.mean })),
});

interface PlaneSeriesProps {
  series: ReturnType<typeof seriesOf>[];
}

/** Without marks, which are buttons of our own. */
const POINTLESS = { shape: () => <g />, isAnimationActive: false, zIndex: 0 };

/** The lines along alpha. Nothing is done while only the trail grows. */
export const PlaneSeries = memo(function PlaneSeries({ series }: PlaneSeriesProps) {
  return series.map(({ key, color, data }) => (
    <Scatter {...POINTLESS} key={key} data={data} line={{ stroke: color, strokeWidth: 2 }} />
  ));
});
