import { fixed } from '../../../lab/format';
import { groupOf } from '../../../lab/localize/map-model';
import type { MaskCut, RankedMap } from '../../../lab/localize/ranked-map';
import type { Table } from '../../ui/DataTable';
import { score } from '../../ui/format';

interface MapTableOptions {
  /** These units; absent: all. */
  only?: ReadonlySet<number>;
  /** At most so many rows: a deep network has tens of thousands of units. */
  most?: number;
}

/** Units with their numbers, most critical first: what the map shows as colour and outline. */
export function mapTable(
  { model, unitScores, ranks, localizer }: RankedMap,
  cut: MaskCut,
  { only, most = Number.POSITIVE_INFINITY }: MapTableOptions = {},
): Table {
  const byRank = new Int32Array(model.units);
  ranks.forEach((rank, unit) => {
    byRank[rank - 1] = unit;
  });
  const units = only ? byRank.filter((unit) => only.has(unit)) : byRank;
  return {
    caption: `Units by score, ${localizer.label}`,
    columns: [
      { label: 'rank' },
      { label: 'layer', align: 'left' },
      { label: 'unit', align: 'left' },
      { label: 'score' },
      { label: 'weights' },
      { label: 'selected, %' },
    ],
    rows: Array.from(units.subarray(0, Math.min(most, units.length)), (unit) => {
      const { role, first } = groupOf(model, unit);
      return [
        ranks[unit]!,
        model.layers[model.layerOf[unit]!]!.name,
        `${role} ${unit - first}`,
        score(unitScores[unit]),
        model.sizes[unit]!,
        fixed(cut.shares[unit]! * 100, 0),
      ];
    }),
    total: units.length,
  };
}
