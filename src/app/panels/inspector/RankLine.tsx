import { useMemo } from 'react';
import { Line, LineChart, useXAxisScale, useYAxisScale, XAxis, YAxis } from 'recharts';

const HEIGHT = 110;
const PAD = 6;
const MARGIN = { left: PAD, right: PAD, top: PAD, bottom: PAD };
const POINTS = 200;

interface RankLineProps {
  /** All scores, falling. */
  sorted: Float32Array;
  /** Number, rank from 1, and score of the selected units. */
  selected: readonly { unit: number; rank: number; score: number }[];
  width: number;
  label: string;
}

/** Logarithms on a linear axis: scores of 0 and below have none, and lie on its floor. */
export function RankLine({ sorted, selected, width, label }: RankLineProps) {
  const { line, domain, level } = useMemo(() => {
    const high = Math.log(sorted[0]! > 0 ? sorted[0]! : 1);
    const low = Math.log(sorted.findLast((value) => value > 0) ?? 1);
    const level = (score: number) => (score > 0 ? Math.log(score) : low);
    const step = Math.max(1, Math.floor(sorted.length / POINTS));
    const line = Array.from(sorted.keys())
      .filter((i) => i % step === 0 || i === sorted.length - 1)
      .map((i) => ({ rank: i + 1, level: level(sorted[i]!) }));
    const domain: [number, number] = [low, high > low ? high : low + 1];
    return { line, domain, level };
  }, [sorted]);
  const marks = useMemo(
    () => selected.map(({ unit, rank, score }) => ({ unit, rank, level: level(score) })),
    [selected, level],
  );
  const ranks = useMemo((): [number, number] => [1, Math.max(2, sorted.length)], [sorted]);
  return (
    <LineChart
      width={width}
      height={HEIGHT}
      data={line}
      margin={MARGIN}
      accessibilityLayer={false}
      role="img"
      aria-label={label}
    >
      <XAxis hide type="number" dataKey="rank" domain={ranks} niceTicks="none" />
      <YAxis hide type="number" domain={domain} niceTicks="none" />
      <Line
        className="rank-line"
        dataKey="level"
        stroke="var(--accent)"
        strokeWidth={1.5}
        dot={false}
        activeDot={false}
        isAnimationActive={false}
        zIndex={0}
      />
      <RankMarks marks={marks} />
    </LineChart>
  );
}

interface RankMarksProps {
  marks: readonly { unit: number; rank: number; level: number }[];
}

/** Of a selected layer there may be thousands, for which recharts' own marks are too slow: each listens to the chart by itself. */
function RankMarks({ marks }: RankMarksProps) {
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!x || !y) return null;
  const radius = marks.length > 30 ? 2.5 : 4;
  return marks.map(({ unit, rank, level }) => (
    <circle key={unit} className="rank-mark" cx={x(rank)} cy={y(level)} r={radius} />
  ));
}
