import { fixed } from '../../../lab/format';
import type { Table } from '../../charts/DataTable';
import { score } from '../../charts/format';
import type { MaskCut, RankedMap } from './ranking';

/** Units with their numbers, most critical first: what the map shows as colour and outline. @param only these; absent: all */
export function mapTable(
  { model, unitScores, ranks, localizer }: RankedMap,
  cut: MaskCut,
  only?: ReadonlySet<number>,
): Table {
  const rows = model.layers.flatMap((layer) =>
    [layer.main, ...layer.extras].flatMap((group) =>
      Array.from({ length: group.count }, (_, i) => {
        const unit = group.first + i;
        return { layer: layer.name, kind: group.role, i, unit };
      }),
    ),
  );
  const shown = only ? rows.filter(({ unit }) => only.has(unit)) : rows;
  shown.sort((a, b) => ranks[a.unit]! - ranks[b.unit]!);
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
    rows: shown.map(({ layer, kind, i, unit }) => [
      ranks[unit]!,
      layer,
      `${kind} ${i}`,
      score(unitScores[unit]),
      model.sizes[unit]!,
      fixed(cut.shares[unit]! * 100, 0),
    ]),
  };
}
