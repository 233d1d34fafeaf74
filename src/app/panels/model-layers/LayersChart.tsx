import { type Ref, useMemo } from 'react';
import {
  Bar,
  type BarShapeProps,
  ComposedChart,
  Line,
  usePlotArea,
  useXAxisScale,
  XAxis,
  YAxis,
  type YAxisTickContentProps,
} from 'recharts';
import { FocusableChart } from '../../charts/FocusableChart';
import { textSize, textWidth } from '../../charts/text-width';
import { share } from '../../ui/format';
import { BOTTOM, type LayersColumn, layersColumns, TOP } from './layers-layout';
import type { LayerSeries, LayersModel } from './layers-model';

interface LayersChartProps {
  svg: Ref<SVGSVGElement>;
  model: LayersModel;
  size: { width: number; height: number };
  /** The row that is read. */
  cursor: number | undefined;
  onCursor: (row: number | undefined) => void;
}

const MARGIN = { left: 0, right: 0, top: TOP, bottom: BOTTOM };
const STILL = { isAnimationActive: false, zIndex: 0 };
/** Left of the names, in pixels: the outline of the focus lies there. */
const FREE = 5;
/** A's marks are filled and its lines whole, B's hollow and dashed. */
const DASHES = { A: undefined, B: '5 4' };

/** A row for every layer, in forward order: what the mask takes of it, how alike it is to the oracle's, what a probe reads there. */
export function LayersChart({ svg, model, size, cursor, onCursor }: LayersChartProps) {
  const { rows, series } = model;
  const { height } = size;
  const row = (height - TOP - BOTTOM) / rows.length;
  const names = FREE + Math.ceil(Math.max(0, ...rows.map(({ short }) => textWidth(short, textSize('xs')))));
  const data = useMemo(
    () =>
      rows.map(({ mask }, i) => ({
        row: i,
        mask,
        ...Object.fromEntries(series.map(({ id, values }) => [id, values[i]])),
      })),
    [rows, series],
  );
  const columns = layersColumns(
    {
      mask: rows.some(({ mask }) => mask !== undefined),
      cka: series.some(({ of }) => of === 'cka'),
      probe: series.some(({ of }) => of === 'probe'),
      least: Math.min(
        0,
        ...series.flatMap(({ of, values }) => (of === 'cka' ? values : [])).map((v) => v ?? 0),
      ),
    },
    size.width,
    names,
  );
  const bar = ({ x, y, width, height, payload }: BarShapeProps) => {
    const text = share(payload.mask);
    const room = textWidth(text, textSize('xs')) + 6;
    const isInside = width + room > columns[0]!.width;
    // In a narrow column neither the bar nor what is beside it has room.
    const isAcross = isInside && width < room;
    return (
      <g className="layers-mask">
        <rect x={x} y={y} width={width} height={height} />
        <text
          data-inside={(isInside && !isAcross) || undefined}
          data-across={isAcross || undefined}
          x={isAcross ? x + 2 : x + width + (isInside ? -4 : 4)}
          y={y + height / 2}
          textAnchor={isInside && !isAcross ? 'end' : 'start'}
          dominantBaseline="central"
        >
          {text}
        </text>
      </g>
    );
  };
  const name = ({ y, index }: YAxisTickContentProps) => (
    <text className="layers-name" x={names} y={y} textAnchor="end" dominantBaseline="central">
      {rows[index]?.short}
    </text>
  );
  return (
    <FocusableChart
      label="Layers: share of the mask, CKA with the oracle and probe accuracy; up and down read the layers"
      isUpright
      cursor={cursor}
      last={rows.length - 1}
      onCursor={onCursor}
    >
      <ComposedChart
        ref={svg}
        layout="vertical"
        width={size.width}
        height={height}
        data={data}
        margin={MARGIN}
        accessibilityLayer={false}
        onMouseLeave={() => onCursor(undefined)}
      >
        {columns.map(({ id, domain, from, width }) => (
          <XAxis
            key={id}
            hide
            xAxisId={id}
            type="number"
            domain={domain}
            niceTicks="none"
            padding={{ left: from, right: size.width - from - width }}
          />
        ))}
        <YAxis
          type="category"
          scale="band"
          dataKey="row"
          width={1}
          interval={0}
          axisLine={false}
          tickLine={false}
          tick={name}
        />
        {cursor !== undefined && (
          <rect
            className="layers-cursor"
            data-export="no"
            y={TOP + row * cursor}
            width={size.width}
            height={row}
          />
        )}
        {columns.map((column) => (
          <ColumnFrame key={column.id} column={column} />
        ))}
        {columns[0]?.id === 'mask' && (
          <Bar {...STILL} xAxisId="mask" dataKey="mask" barSize={Math.min(12, row - 6)} shape={bar} />
        )}
        {series.map((line) => (
          <Line
            {...STILL}
            key={line.id}
            xAxisId={line.of}
            dataKey={line.id}
            stroke={`var(--${line.set})`}
            strokeWidth={1.8}
            strokeDasharray={DASHES[line.letter]}
            connectNulls
            activeDot={false}
            dot={dotOf(line)}
          />
        ))}
        {rows.map(({ name }, i) => (
          <rect
            key={name}
            data-export="no"
            fill="transparent"
            y={TOP + row * i}
            width={size.width}
            height={row}
            onPointerEnter={() => onCursor(i)}
          />
        ))}
      </ComposedChart>
    </FocusableChart>
  );
}

function dotOf({ letter, set }: LayerSeries) {
  const color = `var(--${set})`;
  return {
    r: 3.2,
    fill: letter === 'A' ? color : 'var(--panel)',
    stroke: color,
    strokeWidth: 1.5,
    strokeDasharray: '0',
  };
}

/** Title, vertical lines and numbers of a column. */
function ColumnFrame({ column: { id, title, short, ticks, width } }: { column: LayersColumn }) {
  const plot = usePlotArea();
  const x = useXAxisScale(id);
  // Not a number until the axis is known, after the first render.
  if (!plot || x?.(ticks[0]) === undefined) return null;
  const bottom = plot.y + plot.height;
  return (
    <g className="axis">
      <text className="layers-title" x={x(ticks[0])} y={plot.y - 9}>
        {textWidth(title, textSize('xs'), 600) > width ? short : title}
      </text>
      {ticks.map((tick, i) => (
        <g key={tick} transform={`translate(${x(tick)},0)`}>
          <line y1={plot.y} y2={bottom} />
          <text y={bottom + 14} textAnchor={i === 0 ? 'start' : i === ticks.length - 1 ? 'end' : 'middle'}>
            {tick * (id === 'mask' ? 100 : 1)}
          </text>
        </g>
      ))}
    </g>
  );
}
