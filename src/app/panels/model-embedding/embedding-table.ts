import { fixed } from '../../../lab/format';
import type { Table } from '../../ui/DataTable';
import type { Comparison } from '../compared/comparison';
import { type EmbeddedPoint, movedBy } from './embedded';

/** Where every image lies for both models, a row each. @param most rows */
export function embeddingTable(
  points: readonly EmbeddedPoint[],
  { a, b }: Pick<Comparison, 'a' | 'b'>,
  classes: readonly string[],
  most?: number,
): Table {
  const coordinates = ({ a, b }: EmbeddedPoint) => [...a, ...b].map((value) => fixed(value, 3));
  return {
    caption: 'Where each image lies in the plane, for A and for B',
    columns: [
      { label: 'set', align: 'left' },
      { label: 'image' },
      { label: 'label', align: 'left' },
      { label: `A ${a.label}, axis 1` },
      { label: 'axis 2' },
      { label: `B ${b.label}, axis 1` },
      { label: 'axis 2' },
      { label: 'moved' },
    ],
    rows: points
      .slice(0, most)
      .map((point) => [
        point.set,
        point.index,
        point.image && classes[point.image.label],
        ...coordinates(point),
        fixed(movedBy(point), 3),
      ]),
    total: points.length,
  };
}
