import { useMemo } from 'react';
import { cutMask, maskOverlap } from '../../../lab/localize/mask-overlap';
import type { RankedMap } from '../../../lab/localize/ranked-map';
import { shortStrategyLabel } from '../../../lab/results/run-groups';
import { type ScoreScale, sequentialColors } from '../../charts/sequential';
import { useColors } from '../../charts/use-colors';
import { Segmented } from '../../ui/Segmented';
import { Term } from '../../ui/Term';

export type CompareView = 'beside' | 'over';

/** More names than this do not stand in a pane's head beside its title. */
const MOST_SEGMENTS = 5;

interface StrategyChoiceProps {
  maps: RankedMap[];
  map: RankedMap;
  onStrategy: (strategy: string) => void;
}

/** Whose map is shown: all names at once while they are few. */
export function StrategyChoice({ maps, map, onStrategy }: StrategyChoiceProps) {
  if (maps.length > MOST_SEGMENTS)
    return (
      <select
        className="map-select"
        aria-label="Strategy"
        title={strategyHelp(map)}
        value={map.localizer.id}
        onChange={(event) => onStrategy(event.target.value)}
      >
        {maps.map(({ localizer }) => (
          <option key={localizer.id} value={localizer.id}>
            {localizer.label}
          </option>
        ))}
      </select>
    );
  return (
    <Segmented
      label="Strategy"
      value={map.localizer.id}
      onChange={onStrategy}
      options={maps.map((candidate) => ({
        value: candidate.localizer.id,
        label: shortStrategyLabel(candidate.localizer.id),
        help: strategyHelp(candidate),
      }))}
    />
  );
}

function strategyHelp({ localizer }: RankedMap): string {
  return [`${localizer.label}.`, localizer.explanation, localizer.formula].filter(Boolean).join(' ');
}

interface CompareBarProps {
  rivals: RankedMap[];
  map: RankedMap;
  second: RankedMap;
  alpha: number;
  view: CompareView;
  onView: (view: CompareView) => void;
  onOther: (strategy: string | undefined) => void;
}

/** What the shown strategy is compared with, how, and how much the two masks share. */
export function CompareBar({ rivals, map, second, alpha, view, onView, onOther }: CompareBarProps) {
  const shared = useMemo(
    () => maskOverlap(cutMask(map, alpha), cutMask(second, alpha)),
    [map, second, alpha],
  );
  return (
    <span className="map-compare">
      <label>
        with{' '}
        <select
          className="map-select"
          value={second.localizer.id}
          onChange={(event) => onOther(event.target.value)}
        >
          {rivals.map(({ localizer }) => (
            <option key={localizer.id} value={localizer.id}>
              {shortStrategyLabel(localizer.id)}
            </option>
          ))}
        </select>
      </label>
      <Segmented
        label="Arrangement"
        value={view}
        onChange={onView}
        options={[
          { value: 'beside', label: 'beside' },
          {
            value: 'over',
            label: 'overlaid',
            help: `Outlined: ${map.localizer.label}. Dot: ${second.localizer.label}.`,
          },
        ]}
      />
      <span>
        <Term id="jaccard">overlap</Term> <strong>{shared.toFixed(2)}</strong>
      </span>
    </span>
  );
}

/** The colour scale and its two readings. */
export function Legend({ scale, onScale }: { scale: ScoreScale; onScale: (scale: ScoreScale) => void }) {
  const colors = useColors();
  const ramp = useMemo(() => sequentialColors(colors).filter((_, i) => i % 15 === 0), [colors]);
  return (
    <span className="map-legend">
      <span className="muted">
        <Term id="score" />: low
      </span>
      <span className="map-ramp" style={{ background: `linear-gradient(to right, ${ramp.join(',')})` }} />
      <span className="muted">high</span>
      <Segmented
        label="Colour scale"
        value={scale}
        onChange={onScale}
        options={[
          {
            value: 'rank',
            label: 'by rank',
            help: 'Colour by position among all units: shows the order everywhere.',
          },
          {
            value: 'log',
            label: 'by log',
            help: 'Colour by the logarithm of the score: shows how far apart scores are.',
          },
        ]}
      />
    </span>
  );
}
