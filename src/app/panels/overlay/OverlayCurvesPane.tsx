import { useMemo, useRef, useState } from 'react';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import type { CurvesOf } from '../../state/ui-slice';
import type { Table } from '../../ui/DataTable';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { useSize } from '../../ui/use-size';
import type { CurveId } from '../curves/curves-model';
import { type Overlaid, overlaidGroups } from './overlaid';
import { overlaidModels, overlayCurves } from './overlay-curves';

const LinesChart = lazyChart(() => import('../../charts/LinesChart').then((module) => module.LinesChart));

const QUANTITY: { value: CurveId; label: string }[] = [
  { value: 'forget', label: 'forget' },
  { value: 'retain', label: 'retain' },
  { value: 'test', label: 'test' },
  { value: 'loss', label: 'loss' },
];
const OF: { value: CurvesOf; label: string }[] = [
  { value: 'run', label: 'run' },
  { value: 'original', label: 'original' },
  { value: 'oracle', label: 'oracle' },
];

interface OverlayCurvesPaneProps {
  studies: readonly Overlaid[];
  /** Keys of groups of runs by the ids of their studies. */
  chosen: Readonly<Record<string, string>>;
  onChoose: (study: string, group: string) => void;
}

/** A curve of every study in one chart. */
export function OverlayCurvesPane({ studies, chosen, onChoose }: OverlayCurvesPaneProps) {
  const [of, setOf] = useState<CurvesOf>('run');
  const [quantity, setQuantity] = useState<CurveId>('forget');
  const [epoch, setEpoch] = useState<number>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const models = useMemo(() => overlaidModels(studies, of, chosen), [studies, of, chosen]);
  const model = useMemo(() => overlayCurves(models, quantity), [models, quantity]);
  const unit = quantity === 'loss' ? '' : ' %';
  const read = model.curves.flatMap(({ id, points }) => {
    const point = points.find((each) => each.epoch === epoch);
    return point ? [`${id} ${point.value.toFixed(quantity === 'loss' ? 3 : 1)}${unit}`] : [];
  });
  return (
    <Pane
      title="Curves"
      fileName="studies-curves"
      className="curves overlay-curves"
      table={() => curvesTable(model)}
      files={svgFiles(svg, 'studies-curves')}
      controls={
        <>
          <Segmented label="Curves of" value={of} onChange={setOf} options={OF} />
          <Segmented label="Curves show" value={quantity} onChange={setQuantity} options={QUANTITY} />
        </>
      }
    >
      {of === 'run' && (
        <div className="overlay-choices">
          {studies.map((study) => (
            <RunChoice
              key={study.id}
              study={study}
              value={chosen[study.id]}
              onChange={(group) => onChoose(study.id, group)}
            />
          ))}
        </div>
      )}
      <div className="readout" aria-live="polite">
        {epoch !== undefined && read.length > 0 ? (
          <>
            <strong>epoch {epoch}</strong> · {read.join(' · ')}
          </>
        ) : (
          <span className="muted">
            {quantity === 'loss' ? 'Loss' : `Accuracy on ${quantity} images, %,`} by epoch, the first seed of
            each study.
          </span>
        )}
      </div>
      <div className="chart-box" ref={box}>
        {model.curves.length === 0 ? (
          <p className="empty-note">The ticked studies have no such curve.</p>
        ) : (
          size.width > 0 && (
            <LinesChart
              svg={svg}
              model={model}
              size={size}
              label={quantity === 'loss' ? 'Loss' : `Accuracy on ${quantity} images in percent`}
              onEpoch={setEpoch}
            />
          )
        )}
      </div>
    </Pane>
  );
}

/** Which run of a study the curve is of. */
function RunChoice({
  study,
  value,
  onChange,
}: {
  study: Overlaid;
  value: string | undefined;
  onChange: (group: string) => void;
}) {
  const runs = useMemo(() => overlaidGroups(study).filter(({ role }) => role === 'run'), [study]);
  return (
    <label className="overlay-choice">
      <b>{study.letter}</b>
      <select
        aria-label={`Run of ${study.letter} ${study.name}`}
        value={value ?? runs[0]?.group.key}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {runs.map(({ short, group }) => (
          <option key={group.key} value={group.key}>
            {short.slice(2)}, α {group.alpha}
          </option>
        ))}
      </select>
    </label>
  );
}

function curvesTable({ curves }: ReturnType<typeof overlayCurves>): Table {
  const epochs = [...new Set(curves.flatMap(({ points }) => points.map(({ epoch }) => epoch)))].sort(
    (a, b) => a - b,
  );
  return {
    caption: 'Curves of all ticked studies by epoch',
    columns: [{ label: 'epoch' }, ...curves.map(({ id }) => ({ label: id }))],
    rows: epochs.map((epoch) => [
      epoch,
      ...curves.map(({ points }) => points.find((point) => point.epoch === epoch)?.value.toFixed(4)),
    ]),
  };
}
