import { type ReactNode, useMemo, useRef, useState } from 'react';
import { layers } from '../../../lab/compare/layers';
import { probe } from '../../../lab/compare/probe';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import { share } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { Absences } from '../compared/Absences';
import { sidesOf } from '../compared/comparison';
import { useComparison } from '../compared/context';
import { useKept } from '../compared/kept';
import { SideKey } from '../compared/SideKey';
import { heightRange } from './layers-layout';
import {
  type LayersModel,
  layersModel,
  layersSentence,
  probeSentence,
  type SideLayers,
} from './layers-model';
import { layersTable, layerText } from './layers-table';
import { type LayerMask, useRunMask } from './use-run-mask';
import '../compared/tab-pane.css';
import './model-layers.css';

const LayersChart = lazyChart(() => import('./LayersChart').then((module) => module.LayersChart));

const ORACLE_ALONE = 'CKA is with the oracle: choose another model beside it.';

/** What is known of the two models by layer, and what is not, in a sentence each. */
function useLayers(): { sides: SideLayers[]; absences: string[] } {
  const comparison = useComparison();
  const [alignments, probes] = [useKept(layers), useKept(probe)];
  return useMemo(() => {
    const sides = sidesOf(comparison).map((side): SideLayers => {
      const isOracle = side.model.role === 'oracle';
      return {
        ...side,
        cka: isOracle ? undefined : alignments.of(side.model),
        probe: isOracle ? probes.oracle : probes.of(side.model),
      };
    });
    const absences = sides.flatMap(({ model, cka, probe }) => [
      ...(cka || model.role === 'oracle' ? [] : [alignments.absence(model)]),
      ...(probe ? [] : [probes.absence(model)]),
    ]);
    return { sides, absences: [...new Set(absences)] };
  }, [comparison, alignments, probes]);
}

const sharesOf = (mask: LayerMask | undefined) => (mask?.problem === undefined ? mask?.shares : undefined);

/** CKA with the oracle and a probe, layer by layer, beside what the mask takes of each. */
export function LayersPane({ tabs }: { tabs: ReactNode }) {
  const { view, seed, a, b } = useComparison();
  const { sides, absences } = useLayers();
  const [row, setRow] = useState<number>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const masks = { A: useRunMask(view, seed, a), B: useRunMask(view, seed, b) };
  const masked = sides.find(({ letter }) => sharesOf(masks[letter]));
  const shares = masked && sharesOf(masks[masked.letter]);
  const unmasked = masks.A?.problem ?? masks.B?.problem;
  const model = useMemo(() => layersModel(sides, shares), [sides, shares]);
  const [minHeight, maxHeight] = heightRange(model.rows.length);
  const reading = [
    ...sides.map((side) => layersSentence(side, side === masked ? shares : undefined)),
    probeSentence(sides),
    masked ? undefined : unmasked,
    sides.every(({ model }) => model.role === 'oracle') ? ORACLE_ALONE : undefined,
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
  if (model.series.length === 0)
    return (
      <Pane title="Layers" fileName="layers" className="model-layers" controls={tabs}>
        <p className="empty-note">{absences[0] ?? 'There are no images to compare the layers on.'}</p>
      </Pane>
    );
  return (
    <Pane
      title="Layers"
      fileName="layers"
      className="model-layers"
      controls={tabs}
      table={() => layersTable(model, masked?.letter)}
      files={svgFiles(svg, 'layers')}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="model-tab-scroll" aria-label="The models layer by layer" tabIndex={0}>
        {reading && <p className="model-tab-reading">{reading}</p>}
        <div className="readout" aria-live="polite">
          {row === undefined ? <Legend masked={masked} /> : <RowText model={model} row={row} />}
        </div>
        <div className="chart-box layers-box" ref={box} style={{ minHeight, maxHeight }}>
          {size.width > 0 && (
            <LayersChart svg={svg} model={model} size={size} cursor={row} onCursor={setRow} />
          )}
        </div>
        <Key sides={sides} series={model.series} />
        <Absences absences={absences} />
      </section>
    </Pane>
  );
}

function Legend({ masked }: { masked?: SideLayers }) {
  return (
    <span className="muted">
      {masked && (
        <>
          What {masked.letter}’s mask takes of each layer (<Term id="layerShare" />
          ),{' '}
        </>
      )}
      <Term id="cka" /> with the oracle and the <Term id="probe" />
      ’s accuracy, in forward order.
    </span>
  );
}

function RowText({ model, row }: { model: LayersModel; row: number }) {
  const { name, mask } = model.rows[row]!;
  return (
    <>
      <strong>{name}</strong>
      {mask !== undefined && ` · mask ${share(mask)}`}
      {layerText(model, row).map(({ who, text }) => (
        <span key={who}>
          {' '}
          · <b>{who}</b> {text}
        </span>
      ))}
    </>
  );
}

/** Which marks are whose, and which colour is which set. */
function Key({ sides, series }: Pick<LayersModel, 'series'> & { sides: readonly SideLayers[] }) {
  return (
    <SideKey sides={sides} plain>
      {[...new Set(series.map(({ set }) => set))].map((set) => (
        <span key={set} data-set={set}>
          {set}
        </span>
      ))}
    </SideKey>
  );
}
