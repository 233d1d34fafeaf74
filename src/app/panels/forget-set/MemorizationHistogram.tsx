import { IconTable } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { MemorizationStudy } from '../../../lab/forget/memorization';
import { fixed } from '../../../lab/format';
import { lazyChart } from '../../charts/lazy-chart';
import { DataTable } from '../../ui/DataTable';
import { count, share } from '../../ui/format';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { type Bin, memorizationBins } from './memorization-bins';

const HistogramBars = lazyChart(() => import('./HistogramBars').then((module) => module.HistogramBars));

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
        <div className="memorization-bars">
          {width > 0 && (
            <HistogramBars histogram={histogram} width={width} cursor={cursor} onCursor={setCursor} />
          )}
        </div>
      )}
    </div>
  );
}
