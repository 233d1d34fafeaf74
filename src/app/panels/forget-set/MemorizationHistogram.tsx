import { IconTable } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react';
import type { MemorizationStudy } from '../../../lab/forget/memorization';
import { fixed } from '../../../lab/format';
import { AxisBottom } from '../../charts/Axes';
import { pixelScale } from '../../charts/domain';
import { DataTable } from '../../ui/DataTable';
import { count, share } from '../../ui/format';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { type Bin, type Histogram, memorizationBins } from './memorization-bins';

const HEIGHT = 74;
const AXIS = 20;
/** Half of an axis label. */
const MARGIN = 13;

interface MemorizationHistogramProps {
  memorization: MemorizationStudy;
  forget: ReadonlySet<number>;
}

const binText = ({ from, to }: Bin) => `${fixed(from)} to ${fixed(to)}`;

/** How the training images spread over memorization scores, and where the forget set stands among them. */
export function MemorizationHistogram({ memorization, forget }: MemorizationHistogramProps) {
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number>();
  const [box, { width }] = useSize<HTMLDivElement>();
  const histogram = useMemo(() => memorizationBins(memorization, forget), [memorization, forget]);
  const bin = cursor === undefined ? undefined : histogram.bins[cursor];
  return (
    <div className="memorization" ref={box}>
      <div className="memorization-head">
        <span aria-live="polite">
          {bin ? (
            <>
              <strong>{binText(bin)}</strong>: {count(bin.count)} {bin.count === 1 ? 'image' : 'images'},{' '}
              {count(bin.forget)} to forget
            </>
          ) : (
            <>
              <Term id="memorization">memorization</Term> by {count(memorization.models)} models on{' '}
              {share(memorization.share)}
              {histogram.unknown > 0 && `, ${count(histogram.unknown)} unknown`}
            </>
          )}
        </span>
        <button
          type="button"
          className="icon-button"
          aria-pressed={asTable}
          aria-label="Memorization scores as a table"
          title="table"
          onClick={() => setAsTable(!asTable)}
        >
          <IconTable size={14} aria-hidden />
        </button>
      </div>
      {asTable ? (
        <DataTable
          caption="Training images by memorization score"
          columns={[{ label: 'score' }, { label: 'images' }, { label: 'to forget' }]}
          rows={histogram.bins.map((each) => [binText(each), each.count, each.forget])}
        />
      ) : (
        <Bars histogram={histogram} width={width} cursor={cursor} onCursor={setCursor} />
      )}
    </div>
  );
}

interface BarsProps {
  histogram: Histogram;
  width: number;
  cursor: number | undefined;
  onCursor: (position: number | undefined) => void;
}

/** Bars whose coloured foot is the forget set's part; a line under them spans its scores. Arrow keys walk the bars. */
function Bars({ histogram: { bins, range }, width, cursor, onCursor }: BarsProps) {
  const x = pixelScale([bins[0]!.from, 1], MARGIN, Math.max(MARGIN + 1, width - MARGIN));
  const most = Math.max(...bins.map((bin) => bin.count));
  const y = pixelScale([0, most], 0, HEIGHT - AXIS - 4);
  // A bar that is there is seen, however long the longest.
  const tall = (value: number) => (value > 0 ? Math.max(1.5, y(value)) : 0);
  const foot = HEIGHT - AXIS;
  const at = (position: number) => Math.max(0, Math.min(bins.length - 1, position));
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    onCursor(at(Math.floor((x.invert(event.clientX - left) - bins[0]!.from) * 10)));
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onCursor(at(cursor === undefined ? 0 : cursor + step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG that arrow keys walk is a group, not a picture
    <svg
      width={width}
      height={HEIGHT}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the bars
      tabIndex={0}
      aria-label={`Training images by memorization score${range ? `; the forget set spans ${fixed(range[0], 2)} to ${fixed(range[1], 2)}` : ''}; arrow keys read the bars`}
      onPointerMove={point}
      onPointerLeave={() => onCursor(undefined)}
      onBlur={() => onCursor(undefined)}
      onKeyDown={press}
    >
      {bins.map((bin, i) => {
        const left = x(bin.from) + 0.5;
        const wide = Math.max(1, x(bin.to) - x(bin.from) - 1);
        return (
          <g key={bin.from} className="memorization-bar" data-current={i === cursor || undefined}>
            <rect x={left} y={foot - tall(bin.count)} width={wide} height={tall(bin.count)} />
            <rect
              className="memorization-forget"
              x={left}
              y={foot - tall(bin.forget)}
              width={wide}
              height={tall(bin.forget)}
            />
          </g>
        );
      })}
      {range && (
        <line
          className="memorization-range"
          x1={x(range[0]) - 1}
          x2={x(range[1]) + 1}
          y1={foot + 2}
          y2={foot + 2}
        />
      )}
      <AxisBottom scale={x} every={50} y={foot + 2} />
    </svg>
  );
}
