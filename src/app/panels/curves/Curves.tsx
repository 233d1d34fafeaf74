import { memo, useMemo, useRef, useState } from 'react';
import { fixed } from '../../../lab/format';
import type { SeriesPoint } from '../../../lab/study/result';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import type { CurvesOf } from '../../state/ui-slice';
import type { ModelView } from '../../state/view';
import type { Table } from '../../ui/DataTable';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { type CurveKind, curvesModel } from './curves-model';
import './curves.css';

const LinesChart = lazyChart(() => import('../../charts/LinesChart').then((module) => module.LinesChart));

interface CurvesProps {
  /** The selected run, and its name. */
  run?: ModelView;
  runLabel?: string;
  /** Of the same seed as the run. */
  original?: ModelView;
  oracle?: ModelView;
  /** How many epochs each will have. */
  epochs: Record<CurvesOf, number>;
  /** Which of the three is shown; the caller may follow what is being trained. */
  shown: CurvesOf;
  onShown: (shown: CurvesOf) => void;
}

/** Accuracy on retain, forget and test images, or the loss, by epoch. Drawn anew only when a series grows. */
export const Curves = memo(function Curves(props: CurvesProps) {
  const { run, runLabel, original, oracle, epochs, shown, onShown } = props;
  const [kind, setKind] = useState<CurveKind>('accuracy');
  const [pointed, setPointed] = useState<SeriesPoint>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const subject = { run, original, oracle }[shown];
  const length = epochs[shown];
  const model = useMemo(
    () => curvesModel(subject, shown === 'oracle' ? undefined : oracle, kind, length),
    [subject, oracle, shown, kind, length],
  );
  const sizes = subject?.series?.sizes;
  return (
    <Pane
      title={kind === 'loss' ? 'Loss' : 'Accuracy'}
      fileName={`curves-${shown}`}
      className="curves"
      aside={shown === 'run' ? runLabel : undefined}
      table={() => curvesTable(subject)}
      files={svgFiles(svg, `curves-${shown}`)}
      controls={
        <>
          <Segmented
            label="Curves of"
            value={shown}
            onChange={onShown}
            options={[
              { value: 'run', label: 'run' },
              { value: 'original', label: 'original' },
              { value: 'oracle', label: 'oracle' },
            ]}
          />
          <button
            type="button"
            className="text-button"
            aria-pressed={kind === 'loss'}
            onClick={() => setKind(kind === 'loss' ? 'accuracy' : 'loss')}
          >
            loss
          </button>
        </>
      }
    >
      <div className="readout" aria-live="polite">
        {pointed ? (
          <>
            <strong>epoch {pointed.epoch}</strong> · retain {fixed(pointed.retain)} · forget{' '}
            {fixed(pointed.forget)} · test {fixed(pointed.test)}
            {pointed.loss !== undefined && ` · loss ${fixed(pointed.loss, 3)}`}
          </>
        ) : (
          <span className="muted">
            {kind === 'loss' ? <Term id="loss" /> : '%'} by <Term id="epoch" />
            {sizes && (
              <>
                , on {sizes.retain} <Term id="retainAccuracy" />, {sizes.forget} <Term id="forgetAccuracy" />,{' '}
                {sizes.test} <Term id="testAccuracy" /> images
              </>
            )}
          </span>
        )}
      </div>
      <div className="chart-box" ref={box}>
        {model.curves.length === 0 ? (
          <p className="empty-note">The curve starts with the first epoch.</p>
        ) : (
          size.width > 0 && (
            <LinesChart
              svg={svg}
              model={model}
              size={size}
              label={kind === 'loss' ? 'Loss' : 'Accuracy in percent'}
              onEpoch={(epoch) => setPointed(subject?.series?.points.find((point) => point.epoch === epoch))}
            />
          )
        )}
      </div>
    </Pane>
  );
});

function curvesTable(model: ModelView | undefined): Table {
  return {
    caption: 'Accuracy and loss by epoch',
    columns: [
      { label: 'epoch' },
      { label: 'retain' },
      { label: 'forget' },
      { label: 'test' },
      { label: 'loss' },
    ],
    rows: (model?.series?.points ?? []).map((point) => [
      point.epoch,
      point.retain.toFixed(1),
      point.forget.toFixed(1),
      point.test.toFixed(1),
      point.loss === undefined ? undefined : fixed(point.loss, 4),
    ]),
  };
}
