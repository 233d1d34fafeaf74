import { memo, type ReactNode, useMemo, useRef, useState } from 'react';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import { QUANTITIES, type QuantityId, quantity } from '../../state/quantities';
import type { ModelView, RunView } from '../../state/view';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { AxisPickers } from './AxisPicker';
import { PointNumbers } from './PointNumbers';
import { areCommensurable, hasRings } from './plane-axes';
import { planeModel, type RunPoint } from './plane-model';
import { planeTable } from './plane-table';
import { usePlaneZoom } from './use-plane-zoom';
import { ZoomButtons } from './ZoomButtons';
import './trade-off.css';

interface TradeOffProps {
  originals: readonly ModelView[];
  oracles: readonly ModelView[];
  /** Runs that should be drawn; unfinished ones are left out until their numbers arrive. */
  runs: readonly RunView[];
  /** The run that is being unlearned now: its epochs leave a trail. */
  liveRun?: RunView;
  /** Id of the run that the other panes show. */
  selected?: string;
  onSelect: (runId: string) => void;
  /** A point was pressed twice. */
  onOpen?: () => void;
  /** More buttons for the chosen run. */
  actions?: ReactNode;
  /** Whether both axes have the same scale, where they can. */
  sameScale?: boolean;
  onSameScale: (same: boolean) => void;
}

const AXES: readonly QuantityId[] = [
  'deltaForget',
  'deltaMia',
  'deltaTest',
  'forgetAccuracy',
  'retainAccuracy',
  'testAccuracy',
  'mia',
  'gap',
  'toW',
  'examples',
  'seconds',
  'changed',
];
const ZoomNote = lazyChart(() => import('./ZoomNote').then((module) => module.ZoomNote));
const Plane = lazyChart(() => import('./Plane').then((module) => module.Plane));

const COMMON = ['deltaForget', 'deltaMia', 'examples'] as const satisfies readonly QuantityId[];

/** Usefulness against forgetting: every method as a line along alpha, the oracle as the star to reach. */
export const TradeOff = memo(function TradeOff({
  originals,
  oracles,
  runs,
  liveRun,
  selected,
  onSelect,
  onOpen,
  actions,
  sameScale = false,
  onSameScale,
}: TradeOffProps) {
  const [xId, setX] = useState<QuantityId>('deltaForget');
  const [yId, setY] = useState<QuantityId>('testAccuracy');
  const [pointed, setPointed] = useState<RunPoint>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const model = useMemo(
    () => planeModel({ originals, oracles, runs, liveRun }, xId, yId),
    [originals, oracles, runs, liveRun, xId, yId],
  );
  const zoom = usePlaneZoom(model, xId, yId);
  const empty = model.lines.length === 0 && !model.original && !model.oracle;
  const hasEllipses = model.lines.some(({ points }) => points.some(({ spread }) => spread));
  return (
    <Pane
      title="Trade-off"
      fileName="trade-off"
      className="trade-off"
      table={() => planeTable(model, xId, yId)}
      files={svgFiles(svg, 'trade-off')}
      controls={
        <>
          <Segmented<string>
            label="Horizontal axis"
            value={xId}
            onChange={(value) => setX(value as QuantityId)}
            options={COMMON.map((id) => ({ value: id, label: QUANTITIES[id].label }))}
          />
          {actions}
        </>
      }
    >
      <div className="readout plane-readout" aria-live="polite">
        {pointed ? (
          <PointNumbers point={pointed} xId={xId} yId={yId} />
        ) : (
          <span className="muted">
            {zoom.window && <ZoomNote {...{ model, size, xId, yId }} window={zoom.window} same={sameScale} />}
            <Term id={quantity(yId).term} /> against <Term id={quantity(xId).term} />; ★ <Term id="oracle" />
            {hasRings(xId, yId) && (
              <>
                , <Term id="gapRings" />
              </>
            )}
            {hasEllipses && (
              <>
                , <Term id="seedEllipse" />
              </>
            )}
          </span>
        )}
      </div>
      <div className="chart-box" ref={box}>
        {empty ? (
          <p className="empty-note">The first point appears when the original network has been measured.</p>
        ) : (
          size.width > 0 && (
            <>
              <Plane
                svg={svg}
                model={model}
                size={size}
                xId={xId}
                yId={yId}
                zoom={zoom}
                same={sameScale}
                selected={selected}
                onSelect={onSelect}
                onOpen={onOpen}
                onPoint={setPointed}
              />
              {areCommensurable(xId, yId) && (
                <button
                  type="button"
                  className="text-button plane-switch"
                  aria-pressed={sameScale}
                  title="One point is as long on both axes"
                  onClick={() => onSameScale(!sameScale)}
                >
                  same scale
                </button>
              )}
              <ZoomButtons zoom={zoom} model={model} selected={selected} />
              <AxisPickers x={xId} y={yId} options={AXES} onX={setX} onY={setY} size={size} />
            </>
          )
        )}
      </div>
    </Pane>
  );
});
