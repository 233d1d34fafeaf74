import { type ReactNode, useMemo, useState } from 'react';
import { alphaText } from '../../../lab/format';
import { cutMask, layerOverlaps, overlapMatrix } from '../../../lab/localize/mask-overlap';
import type { RankedMap } from '../../../lab/localize/ranked-map';
import { shortStrategyLabel } from '../../../lab/results/run-groups';
import { colorAt, sequentialColors } from '../../charts/sequential';
import { useColors } from '../../charts/use-colors';
import { Answer, ObstacleNote } from '../../ui/Answer';
import type { Asked, Obstacle } from '../../ui/asked';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { Term } from '../../ui/Term';
import { shortLayerName } from '../memorization-map/unit-text';
import { gridTable, textColorOn } from './overlap-grid';
import './mask-overlap.css';

interface MaskOverlapProps {
  /** Every strategy whose scores are known, in the order of the registry. */
  maps: RankedMap[];
  /** The strategy that the map shows: the layers are compared with it. */
  shown: string;
  /** One budget for all. */
  alpha: number;
  /** Labels of the strategies that are not known yet. */
  missing: string[];
  scoring?: Asked<true>;
  /** Why the missing ones cannot be scored now. */
  obstacle?: Obstacle;
  onScore: () => void;
  onCancel: () => void;
  controls?: ReactNode;
}

type Reading = 'pairs' | 'by-layer';

/** How much the masks of all strategies share at one budget: every pair, or the shown one against each other layer by layer. */
export function MaskOverlap(props: MaskOverlapProps) {
  const { maps, shown, alpha, missing, scoring, obstacle, controls } = props;
  const [reading, setReading] = useState<Reading>('pairs');
  const grid = useMemo(() => gridOf(maps, shown, alpha, reading), [maps, shown, alpha, reading]);
  const unbudgeted = maps.flatMap(({ localizer }) => (localizer.usesAlpha ? [] : [localizer.label]));
  return (
    <Pane
      title="Mask overlap"
      fileName="mask-overlap"
      className="mask-overlap"
      aside={
        <>
          <Term id="jaccard" /> at α {alphaText(alpha)}
        </>
      }
      controls={controls}
      table={() => gridTable(grid.caption, grid.rows, grid.columns, grid.values)}
    >
      <div className="overlap-bar">
        <Segmented
          label="Overlap"
          value={reading}
          onChange={setReading}
          options={[
            { value: 'pairs', label: 'every pair' },
            { value: 'by-layer', label: 'by layer', help: 'The strategy on the map against each other one.' },
          ]}
        />
        {missing.length > 0 && scoring?.state !== 'asking' && !obstacle && (
          <button type="button" className="text-button" title={missing.join(', ')} onClick={props.onScore}>
            Score {missing.length} more {missing.length === 1 ? 'strategy' : 'strategies'}
          </button>
        )}
        {scoring && <Answer asked={scoring} what="Scoring" onCancel={props.onCancel} />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="overlap-box" aria-label="Overlaps" tabIndex={0}>
        {maps.length === 0 ? (
          <p className="empty-note">There are no masks to show without scores.</p>
        ) : (
          <Grid {...grid} />
        )}
        {missing.length > 0 && obstacle && (
          <ObstacleNote {...obstacle} text={`Not scored: ${missing.join(', ')}. ${obstacle.text}`} />
        )}
        {unbudgeted.length > 0 && (
          <p className="muted">The budget is an outcome, not α, for {unbudgeted.join(', ')}.</p>
        )}
      </section>
    </Pane>
  );
}

interface GridProps {
  caption: string;
  /** Said where the headings meet. */
  corner?: string;
  rows: string[];
  columns: string[];
  /** Undefined where there is nothing to compare. */
  values: (number | undefined)[][];
}

function gridOf(maps: RankedMap[], shown: string, alpha: number, reading: Reading): GridProps {
  const masks = maps.map((map) => cutMask(map, alpha));
  const labels = maps.map(({ localizer }) => shortStrategyLabel(localizer.id));
  const at = `at alpha ${alphaText(alpha)}`;
  if (reading === 'pairs' || masks.length === 0)
    return {
      caption: `Jaccard overlap of the masks of every pair of strategies ${at}`,
      rows: labels,
      columns: labels,
      values: overlapMatrix(masks),
    };
  const own = Math.max(
    0,
    maps.findIndex(({ localizer }) => localizer.id === shown),
  );
  const others = masks.filter((_, i) => i !== own);
  return {
    caption: `Jaccard overlap of the mask of ${maps[own]!.localizer.label} with the others in each layer ${at}`,
    corner: `${labels[own]} with`,
    rows: maps[own]!.model.layers.map(({ name }) => shortLayerName(name)),
    columns: labels.filter((_, i) => i !== own),
    values: layerOverlaps(masks[own]!, others),
  };
}

function Grid({ caption, corner, rows, columns, values }: GridProps) {
  const colors = useColors();
  const scale = useMemo(() => sequentialColors(colors), [colors]);
  return (
    <table className="overlap-grid">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <td className="muted">{corner}</td>
          {columns.map((label) => (
            <th key={label} scope="col">
              <span>{label}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={row}>
            <th scope="row">{row}</th>
            {columns.map((column, j) => {
              const value = values[i]![j];
              if (value === undefined) return <td key={column}>–</td>;
              const background = colorAt(scale, value);
              return (
                <td key={column} style={{ background, color: textColorOn(background) }}>
                  {value.toFixed(2)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
