import type { ReactNode } from 'react';
import type { UnitInspection, UnitProbe } from '../../../lab/lab-api';
import type { MaskCut, RankedMap } from '../../../lab/localize/ranked-map';
import type { ImageSet } from '../../state/image-set';
import { Answer, ObstacleNote } from '../../ui/Answer';
import type { Asked, Obstacle } from '../../ui/asked';
import { count, score, share } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { mapTable } from '../memorization-map/map-table';
import { selectionText } from '../memorization-map/unit-selection';
import { FilterPictures } from './FilterPictures';
import { ProbeTable } from './ProbeTable';
import { RankChart } from './RankChart';
import { TopExamples } from './TopExamples';
import './inspector.css';

interface InspectorProps {
  map?: RankedMap;
  cut?: MaskCut;
  /** Selected units, ascending. */
  units: readonly number[];
  images?: ImageSet;
  /** Size of the forget set. */
  forget: number;
  /** The wrong labels that forget examples were trained with, by example index. */
  wrong: ReadonlyMap<number, number>;
  inspection?: Asked<UnitInspection>;
  probe?: Asked<{ how: 'reset' | 'zero'; result: UnitProbe }>;
  obstacle?: Obstacle;
  onProbe: (how: 'reset' | 'zero') => void;
  onCancel: () => void;
  onMask: () => void;
  onClear: () => void;
  /** Takes the last change of the selection back; absent when there is none. */
  onUndo?: () => void;
  controls?: ReactNode;
}

const PROBES = [
  { how: 'reset', label: 'Reset these', help: 'Back to fresh random weights, without training' },
  { how: 'zero', label: 'Zero these', help: 'To zero, without training' },
] as const;

/** What the selected units hold, and what becomes of the network without them. */
export function Inspector(props: InspectorProps) {
  const { map, cut, units, controls, onUndo } = props;
  if (!map || !cut || units.length === 0)
    return (
      <Pane title="Inspector" fileName="inspector" controls={controls} className="inspector">
        <p className="empty-note">
          Select units on the memorization map: click a cell, shift-click for a range, ctrl-click to add one,
          or click a layer’s name. By keyboard: arrows, space, shift with an arrow.
        </p>
        {onUndo && (
          <button type="button" className="text-button inspector-back" onClick={onUndo}>
            Bring the last selection back
          </button>
        )}
      </Pane>
    );
  return <Filled {...props} map={map} cut={cut} />;
}

function Filled(props: InspectorProps & { map: RankedMap; cut: MaskCut }) {
  const { map, cut, units, images, forget, wrong, inspection, probe, obstacle, controls } = props;
  const weights = units.reduce((sum, unit) => sum + map.model.sizes[unit]!, 0);
  const best = units.reduce((first, unit) => Math.min(first, map.ranks[unit]!), map.model.units);
  const inMask = units.filter((unit) => cut.shares[unit]! > 0).length;
  const busy = probe?.state === 'asking';
  return (
    <Pane
      title="Inspector"
      fileName="inspector"
      controls={controls}
      className="inspector"
      table={(most) => mapTable(map, cut, { only: new Set(units), most })}
    >
      <div className="inspector-box">
        <div className="inspector-part">
          <p className="inspector-what" aria-live="polite">
            <strong>{selectionText(map.model, units)}</strong>
            <br />
            {units.length === 1
              ? `score ${score(map.unitScores[units[0]!])}, rank ${count(best)} of ${count(map.model.units)}`
              : `best rank ${count(best)} of ${count(map.model.units)}`}
            {' · '}
            {count(weights)} {weights === 1 ? 'weight' : 'weights'}, {share(weights / map.model.scalars)} ·{' '}
            {units.length === 1 ? (inMask ? 'in' : 'not in') : `${count(inMask)} in`} the{' '}
            {map.localizer.label} mask
          </p>
          <div className="inspector-actions">
            {PROBES.map(({ how, label, help }) => (
              <button
                key={how}
                type="button"
                className="text-button"
                disabled={!!obstacle || busy}
                title={help}
                onClick={() => props.onProbe(how)}
              >
                {label}
              </button>
            ))}
            <button type="button" className="text-button" onClick={props.onMask}>
              Use as manual mask
            </button>
            <button type="button" className="text-button" onClick={props.onClear}>
              Clear
            </button>
            <button type="button" className="text-button" disabled={!props.onUndo} onClick={props.onUndo}>
              Undo selection
            </button>
          </div>
          {obstacle && <ObstacleNote {...obstacle} />}
          {probe && <Answer asked={probe} onCancel={props.onCancel} what="Measuring" />}
          {probe?.state === 'answered' && <ProbeTable how={probe.answer.how} probe={probe.answer.result} />}
        </div>
        <div className="inspector-part">
          <RankChart map={map} units={units} />
          {inspection?.state === 'answered' && (
            <FilterPictures filters={inspection.answer.filters} total={units.length} />
          )}
        </div>
        <div className="inspector-part">
          {inspection && <Answer asked={inspection} onCancel={props.onCancel} what="Looking for examples" />}
          {inspection?.state === 'answered' && (
            <TopExamples
              inspection={inspection.answer}
              {...{ images, forget, wrong }}
              strategy={map.localizer.id}
              units={units.length}
            />
          )}
        </div>
      </div>
    </Pane>
  );
}
