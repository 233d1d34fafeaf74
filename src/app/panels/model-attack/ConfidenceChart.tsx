import { type Ref, useMemo } from 'react';
import { Area, AreaChart, ReferenceLine } from 'recharts';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import type { Size } from '../../ui/use-size';
import type { Source } from './attack-model';
import { PLOT } from './plot';

interface ConfidenceChartProps {
  svg: Ref<SVGSVGElement>;
  size: Size;
  /** Percent of each source's images by bin of confidence. */
  histograms: Record<Source, readonly number[]>;
  threshold: number;
}

export const SOURCE_COLORS: Record<Source, string> = {
  members: 'var(--retain)',
  neverSeen: 'var(--test)',
  forget: 'var(--forget)',
};

const SOURCES = Object.keys(SOURCE_COLORS) as Source[];
const squared = (root: number) => String(Math.round(root * root));

/**
 * Confidences of the three sources as steps. Nearly all members stand in the last bin; heights are square roots, so that what decides is seen
 * beside them.
 */
export function ConfidenceChart({ svg, size, histograms, threshold }: ConfidenceChartProps) {
  const { width, height } = size;
  const rows = useMemo(() => {
    const bins = histograms.members.length;
    // A step ends where the next begins, and the last at 1.
    return Array.from({ length: bins + 1 }, (_, i) => ({
      from: i / bins,
      ...Object.fromEntries(
        SOURCES.map((source) => [source, Math.sqrt(histograms[source][Math.min(i, bins - 1)]!)]),
      ),
    }));
  }, [histograms]);
  const margin = useMemo(() => ({ left: 0, right: PLOT.right, top: PLOT.top, bottom: 0 }), []);
  const most = Math.max(1, ...SOURCES.flatMap((source) => histograms[source].map(Math.sqrt)));
  return (
    <AreaChart
      ref={svg}
      width={width}
      height={height}
      data={rows}
      margin={margin}
      accessibilityLayer={false}
      role="img"
      aria-label="Share of the images by confidence in their label"
    >
      <LeftAxis
        domain={[0, most]}
        pixels={height - PLOT.top - PLOT.bottom}
        every={34}
        width={PLOT.left}
        format={squared}
      />
      <BottomAxis
        domain={[0, 1]}
        pixels={width - PLOT.left - PLOT.right}
        every={70}
        height={PLOT.bottom}
        dataKey="from"
      />
      {SOURCES.map((source) => (
        <Area
          key={source}
          type="stepAfter"
          dataKey={source}
          stroke={SOURCE_COLORS[source]}
          strokeWidth={1.8}
          fill={SOURCE_COLORS[source]}
          fillOpacity={0.13}
          activeDot={false}
          isAnimationActive={false}
          zIndex={0}
        />
      ))}
      <ReferenceLine className="threshold-line" x={threshold} stroke="var(--ink)" zIndex={0} />
    </AreaChart>
  );
}
