import { useMemo, useRef, useState } from 'react';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import { QUANTITIES, type QuantityId, quantity } from '../../state/quantities';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { AxisPickers } from '../trade-off/AxisPicker';
import { PointNumbers } from '../trade-off/PointNumbers';
import type { RunPoint } from '../trade-off/plane-model';
import { planeTable } from '../trade-off/plane-table';
import { usePlaneZoom } from '../trade-off/use-plane-zoom';
import { ZoomButtons } from '../trade-off/ZoomButtons';
import type { Overlaid } from './overlaid';
import { overlayPlane } from './overlay-plane';
import '../trade-off/trade-off.css';

const ZoomNote = lazyChart(() => import('../trade-off/ZoomNote').then((module) => module.ZoomNote));
const Plane = lazyChart(() => import('../trade-off/Plane').then((module) => module.Plane));

const AXES = Object.keys(QUANTITIES) as QuantityId[];
const COMMON = ['deltaForget', 'gap', 'examples'] as const satisfies readonly QuantityId[];

interface OverlayPlanePaneProps {
  studies: readonly Overlaid[];
  /** A run was chosen. @param group the key of its group */
  onChoose: (study: string, group: string) => void;
}

/** Several studies in one trade-off plane. */
export function OverlayPlanePane({ studies, onChoose }: OverlayPlanePaneProps) {
  const [xId, setX] = useState<QuantityId>('deltaForget');
  const [yId, setY] = useState<QuantityId>('testAccuracy');
  const [pointed, setPointed] = useState<RunPoint>();
  const [selected, setSelected] = useState<string>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const model = useMemo(() => overlayPlane(studies, xId, yId), [studies, xId, yId]);
  const zoom = usePlaneZoom(model, xId, yId);
  const choose = (runId: string) => {
    setSelected(runId);
    const group = model.lines
      .flatMap(({ points }) => points)
      .find((point) => point.group.runs.some(({ id }) => id === runId))?.group;
    const study = studies.find(({ id }) => group?.key.startsWith(`${id}:`));
    if (study && group) onChoose(study.id, group.key);
  };
  return (
    <Pane
      title="Trade-off"
      fileName="studies-trade-off"
      className="trade-off overlay-plane"
      table={() => ({ ...planeTable(model, xId, yId), caption: 'Trade-off of all ticked studies' })}
      files={svgFiles(svg, 'studies-trade-off')}
      controls={
        <Segmented<string>
          label="Horizontal axis"
          value={xId}
          onChange={(value) => setX(value as QuantityId)}
          options={COMMON.map((id) => ({ value: id, label: QUANTITIES[id].label }))}
        />
      }
    >
      <div className="readout plane-readout" aria-live="polite">
        {pointed ? (
          <PointNumbers point={pointed} xId={xId} yId={yId} />
        ) : (
          <span className="muted">
            {zoom.window && <ZoomNote {...{ model, size, xId, yId }} window={zoom.window} same={false} />}
            <Term id={quantity(yId).term} /> against <Term id={quantity(xId).term} />; each star is a study’s
            own <Term id="oracle" />.
          </span>
        )}
      </div>
      <div className="chart-box" ref={box}>
        {size.width > 0 && (
          <>
            <Plane
              svg={svg}
              model={model}
              size={size}
              xId={xId}
              yId={yId}
              zoom={zoom}
              same={false}
              selected={selected}
              onSelect={choose}
              onPoint={setPointed}
            />
            <ZoomButtons zoom={zoom} model={model} selected={selected} />
            <AxisPickers x={xId} y={yId} options={AXES} onX={setX} onY={setY} size={size} />
          </>
        )}
      </div>
    </Pane>
  );
}
