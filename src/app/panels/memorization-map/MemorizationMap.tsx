import { useMediaQuery } from '@mantine/hooks';
import { memo, useId, useMemo, useState } from 'react';
import { alphaText } from '../../../lab/format';
import { partShares } from '../../../lab/localize/layer-shares';
import { manualName, unitNumbers, unitsByName } from '../../../lab/localize/map-model';
import { perExampleText } from '../../../lab/localize/per-example';
import { cutMap, type MaskCut, type RankedMap } from '../../../lab/localize/ranked-map';
import { type ScoreScale, scorePositions } from '../../charts/sequential';
import { useColors } from '../../charts/use-colors';
import { download } from '../../ui/download';
import { count, score, share } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { AlphaHandle } from './AlphaHandle';
import { CompareBar, type CompareView, Legend, StrategyChoice } from './MapBar';
import { MapCanvas, type MapCanvasProps, namesWidth } from './MapCanvas';
import { mapImage } from './map-image';
import { mapTable } from './map-table';
import { PartBar } from './PartBar';
import { isDeep, unitLabel } from './unit-text';
import './memorization-map.css';

interface MemorizationMapProps {
  /** One per strategy that has scores, in the order in which they are offered (`readMap`, memoised by the caller). */
  maps: RankedMap[];
  /** What is wrong with the map that the opened file holds: one sentence. */
  damage?: string;
  /** Labels of those that are still being ranked. */
  ranking?: readonly string[];
  /** Why there is none: one sentence. */
  failure?: string;
  strategy: string;
  onStrategy: (strategy: string) => void;
  /** The strategy it is compared with. */
  other?: string;
  onOther: (strategy: string | undefined) => void;
  alpha: number;
  /** Called at most once a frame while dragging. */
  onAlpha: (alpha: number) => void;
  /** The mask by hand, its units named as the `manual` strategy names them (`conv1.weight:3`); absent where there is none. */
  byHand?: string[];
  /** Units that are looked at closer, named in the same way. */
  selection?: { units: readonly string[]; onSelect: (units: string[]) => void; onUndo: () => void };
}

/** Where the forget set lives in the network, and what the mask takes of it. */
export const MemorizationMap = memo(function MemorizationMap(props: MemorizationMapProps) {
  const map = props.maps.find((candidate) => candidate.localizer.id === props.strategy) ?? props.maps[0];
  if (!map)
    return (
      <Pane title="Memorization map" fileName="memorization-map">
        <p className="empty-note">
          {rankingText(props.ranking) ??
            (props.damage
              ? `The map in this file is damaged, so it is not shown. ${props.damage}`
              : (props.failure ?? 'The scores appear here as soon as the localize stage has run.'))}
        </p>
      </Pane>
    );
  return <FilledMap {...props} map={map} />;
});

function rankingText(labels: readonly string[] = []): string | undefined {
  return labels.length > 0 ? `Ranking the weights of ${labels.join(', ')}…` : undefined;
}

function FilledMap({
  maps,
  ranking,
  map,
  onStrategy,
  other,
  onOther,
  alpha,
  onAlpha,
  byHand,
  selection,
}: MemorizationMapProps & { map: RankedMap }) {
  const [scale, setScale] = useState<ScoreScale>('rank');
  const [compareView, setCompareView] = useState<CompareView>('beside');
  const [unit, setUnit] = useState<number>();
  const readout = useId();
  const [box, { height }] = useSize<HTMLDivElement>();
  const second = maps.find((candidate) => candidate.localizer.id === other && candidate !== map);
  const cut = useMemo(() => cutMap(map, alpha), [map, alpha]);
  const secondCut = useMemo(() => (second ? cutMap(second, alpha) : undefined), [second, alpha]);
  const deep = isDeep(map.model);
  const pickedShares = useMemo(() => byHand && unitsByName(map.model, byHand), [map, byHand]);
  const chosen = useMemo(
    () =>
      selection && {
        units: unitNumbers(map.model, selection.units),
        onSelect: (units: number[]) => selection.onSelect(units.map((unit) => manualName(map.model, unit))),
        onUndo: selection.onUndo,
      },
    [map.model, selection],
  );
  const colors = useColors();
  const wide = useMediaQuery('(min-width: 601px)', undefined, { getInitialValueInEffect: false });
  const beside = second !== undefined && compareView === 'beside';
  const over = second !== undefined && compareView === 'over';
  const rivals = maps.filter((candidate) => candidate !== map);

  return (
    <Pane
      title="Memorization map"
      fileName="memorization-map"
      className="memorization-map"
      table={(most) => mapTable(map, cut, { most })}
      files={[
        {
          label: 'PNG',
          save: async () => {
            const title = `${map.localizer.label}, α = ${alphaText(alpha)}`;
            download('memorization-map.png', await mapImage(map, cut, { title, scale, colors }));
          },
        },
      ]}
      controls={
        <>
          <StrategyChoice maps={maps} map={map} onStrategy={onStrategy} />
          <button
            type="button"
            className="text-button"
            aria-pressed={second !== undefined}
            disabled={rivals.length === 0}
            title={rivals.length === 0 ? 'Only one strategy has scores here.' : undefined}
            onClick={() => onOther(second ? undefined : rivals[0]!.localizer.id)}
          >
            compare
          </button>
        </>
      }
    >
      <div className="map-bar">
        {second && secondCut ? (
          <CompareBar
            rivals={rivals}
            map={map}
            second={second}
            alpha={alpha}
            view={compareView}
            onView={setCompareView}
            onOther={onOther}
          />
        ) : (
          <span className="muted">
            {rankingText(ranking) ?? 'A row per layer, a cell per channel; outlined is selected.'}
          </span>
        )}
        <Legend scale={scale} onScale={setScale} />
      </div>
      {deep && <PartBar parts={partShares(map.model, cut.layers)} />}
      <div className="map-maps" ref={box} data-deep={deep || undefined}>
        <OneMap
          map={map}
          cut={cut}
          others={over ? secondCut?.shares : pickedShares}
          beside={beside && wide ? 'first' : undefined}
          titled={beside}
          {...{ alpha, scale, unit, readout, height }}
          onUnit={setUnit}
          selection={chosen}
        />
        {beside && secondCut && (
          <OneMap
            map={second}
            cut={secondCut}
            beside={wide ? 'second' : undefined}
            titled
            {...{ alpha, scale, unit, readout, height }}
            onUnit={setUnit}
          />
        )}
      </div>
      <div id={readout} className="readout map-readout" aria-live="polite">
        {unit === undefined ? (
          <span className="muted">
            {over && (
              <>
                <i className="key-outline" /> {map.localizer.label} <i className="key-dot" />{' '}
                {second.localizer.label} ·{' '}
              </>
            )}
            {byHand && !over && (
              <>
                <i className="key-dot" /> picked by hand: {count(byHand.length)} ·{' '}
              </>
            )}
            {selection
              ? 'Click cells or a layer’s name to look inside.'
              : 'Point at a cell, or use the arrow keys.'}
          </span>
        ) : (
          <UnitNumbers map={map} cut={cut} unit={unit} second={second} secondCut={secondCut} />
        )}
      </div>
      <AlphaHandle
        alpha={alpha}
        onAlpha={onAlpha}
        curve={map.localizer.scoresAreRanks ? undefined : map.curve}
        filled={map.isPrefix}
        disabled={!map.localizer.usesAlpha}
      />
      <Caption map={map} cut={cut} alpha={alpha} />
    </Pane>
  );
}

interface OneMapProps {
  map: RankedMap;
  cut: MaskCut;
  others?: Float32Array;
  /** Says its strategy above, where there are two. */
  titled: boolean;
  alpha: number;
  scale: ScoreScale;
  unit: number | undefined;
  onUnit: (unit: number | undefined) => void;
  selection?: MapCanvasProps['selection'];
  readout: string;
  /** Of the pane's part that both maps share. */
  height: number;
  beside?: 'first' | 'second';
}

function OneMap({
  map,
  cut,
  others,
  titled,
  beside,
  alpha,
  scale,
  unit,
  onUnit,
  selection,
  readout,
  height,
}: OneMapProps) {
  const positions = useMemo(() => scorePositions(map.unitScores, scale), [map, scale]);
  // The first of two also holds the names; both have the same width for cells.
  const indent = beside === 'first' ? namesWidth(map.model) : 0;
  return (
    <div className="map-one" style={indent ? { flexBasis: indent } : undefined}>
      {titled && (
        <strong className="map-title" style={{ marginLeft: indent }}>
          {map.localizer.label}
        </strong>
      )}
      <MapCanvas
        label={`Memorization map of ${map.localizer.label}, mask at alpha ${alphaText(alpha)}`}
        model={map.model}
        height={height - (titled ? 20 : 0)}
        positions={positions}
        shares={cut.shares}
        layers={cut.layers}
        others={others}
        unit={unit}
        onUnit={onUnit}
        selection={selection}
        beside={beside}
        describedBy={readout}
      />
    </div>
  );
}

interface UnitNumbersProps {
  map: RankedMap;
  cut: MaskCut;
  unit: number;
  second?: RankedMap;
  secondCut?: MaskCut;
}

function selectedText(part: number): string {
  if (part === 0) return 'not selected';
  return part === 1 ? 'selected' : `${share(part)} selected`;
}

function UnitNumbers({ map, cut, unit, second, secondCut }: UnitNumbersProps) {
  return (
    <>
      <strong>{unitLabel(map.model, unit)}</strong> · score {score(map.unitScores[unit])} · rank{' '}
      {count(map.ranks[unit]!)} of {count(map.model.units)} · {selectedText(cut.shares[unit]!)}
      {second && secondCut && (
        <span className="muted">
          {' '}
          · {second.localizer.label}: rank {count(second.ranks[unit]!)},{' '}
          {selectedText(secondCut.shares[unit]!)}
        </span>
      )}
    </>
  );
}

function Caption({ map, cut, alpha }: { map: RankedMap; cut: MaskCut; alpha: number }) {
  const held = `${count(cut.units)} units hold ${share(cut.scalars / map.model.scalars)} of the weights`;
  return (
    <div className="map-caption">
      <span className="muted">most critical first →</span>
      <span>
        {map.localizer.usesAlpha && (
          <>
            <strong>
              <Term id="alpha">α</Term> = {alphaText(alpha)}
            </strong>{' '}
            —{' '}
          </>
        )}
        {held}
        {map.perExample && `; ${perExampleText(map.perExample)}`}
        {!map.localizer.scoresAreRanks && map.localizer.usesAlpha && (
          <>
            ; they carry {share(cut.scoreShare)} of the <Term id="scoreShare">score</Term>
          </>
        )}
      </span>
    </div>
  );
}
