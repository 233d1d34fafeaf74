import { memo, type Ref, useMemo } from 'react';
import {
  Bar,
  BarChart,
  type BarShapeProps,
  LabelList,
  XAxis,
  YAxis,
  type YAxisTickContentProps,
} from 'recharts';
import { alphaText } from '../../../lab/format';
import { textWidth } from '../../charts/text-width';
import { share } from '../../ui/format';
import type { Size } from '../../ui/use-size';
import { fallRows, type MaskShares } from './falls-model';

interface FallsChartProps {
  svg: Ref<SVGSVGElement>;
  mask: MaskShares;
  other?: MaskShares;
  alpha: number;
  /** Of the box: rows share its height, and go on below it where they are too many. */
  size: Size;
}

const MIN_ROW = 13;
const VALUE = 44;
const MARGIN = { left: 0, right: VALUE, top: 0, bottom: 2 };
const WHOLE: [number, number] = [0, 1];

/** A bar for every layer, in network order, in its grey whole; the second strategy's is thin. */
export const FallsChart = memo(function FallsChart(props: FallsChartProps) {
  const { svg, mask, other, alpha, size } = props;
  const { width, height } = size;
  const rows = useMemo(() => fallRows(mask, other), [mask, other]);
  const labelWidth = useMemo(() => Math.max(0, ...rows.map(({ name }) => textWidth(name, 11))) + 10, [rows]);
  const count = rows.length;
  const row = Math.max(other ? MIN_ROW + 3 : MIN_ROW, Math.min(24, (height - 4) / count));
  const thickness = Math.min(11, row - (other ? 7 : 4));
  const name = ({ x, y, index }: YAxisTickContentProps) => (
    <text className="fall-name" x={x} y={y} textAnchor="end" dominantBaseline="central">
      {rows[index]?.name}
    </text>
  );
  const bar = ({ x, y, width: long, height, index, background }: BarShapeProps) => (
    <g className="fall">
      <title>{rows[index]?.title}</title>
      <rect className="fall-row" x={0} y={row * index} width={width} height={row} />
      <rect className="fall-all" x={x} y={y} width={background?.width} height={height} rx={2} />
      <rect className="fall-taken" x={x} y={y} width={long} height={height} rx={2} />
    </g>
  );
  return (
    <BarChart
      ref={svg}
      layout="vertical"
      width={width}
      height={row * count + 2}
      data={rows}
      margin={MARGIN}
      barGap={1}
      accessibilityLayer={false}
      role="img"
      aria-label={`Share of each layer that ${mask.label} selects at alpha ${alphaText(alpha)}; the table has the numbers`}
    >
      <XAxis hide type="number" domain={WHOLE} niceTicks="none" />
      <YAxis
        type="category"
        dataKey="layer"
        width={labelWidth}
        interval={0}
        axisLine={false}
        tickLine={false}
        tickSize={0}
        tickMargin={10}
        tick={name}
      />
      <Bar dataKey="share" barSize={thickness} shape={bar} isAnimationActive={false} zIndex={0}>
        <LabelList
          zIndex={0}
          content={({ index }) => (
            <text
              className="fall-value"
              x={width}
              y={row * (Number(index) + 0.5)}
              textAnchor="end"
              dominantBaseline="central"
            >
              {share(rows[Number(index)]?.share)}
            </text>
          )}
        />
      </Bar>
      {other && (
        <Bar className="fall-other" dataKey="other" barSize={3} isAnimationActive={false} zIndex={0} />
      )}
    </BarChart>
  );
});
