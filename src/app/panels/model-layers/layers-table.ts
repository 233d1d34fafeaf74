import { fixed } from '../../../lab/format';
import type { Table } from '../../ui/DataTable';
import type { LayerSeries, LayersModel } from './layers-model';

const heading = ({ letter, of, set }: LayerSeries) =>
  of === 'cka' ? `${letter} CKA, ${set}` : `${letter} probe, ${set}, %`;

const valueText = ({ of }: LayerSeries, value: number | undefined) => fixed(value, of === 'cka' ? 3 : 1);

/** @param masked letter of the model whose mask it is */
export function layersTable({ rows, series }: LayersModel, masked: 'A' | 'B' | undefined): Table {
  const hasMask = rows.some(({ mask }) => mask !== undefined);
  return {
    caption: 'Layer by layer: the mask’s share, CKA with the oracle, accuracy of the nearest class mean',
    columns: [
      { label: 'layer', align: 'left' },
      ...(hasMask ? [{ label: `mask of ${masked}, % of weights` }] : []),
      ...series.map((line) => ({ label: heading(line) })),
    ],
    rows: rows.map(({ name, mask }, i) => [
      name,
      ...(hasMask ? [mask === undefined ? undefined : (100 * mask).toFixed(1)] : []),
      ...series.map((line) => valueText(line, line.values[i])),
    ]),
  };
}

/** All numbers of a layer: `layer3.0 · mask 41 % · A: CKA forget 0.62, …; probe forget 30 %, …`. */
export function layerText({ series }: LayersModel, row: number): { who: string; text: string }[] {
  const part = (letter: 'A' | 'B', of: LayerSeries['of']) => {
    const told = series
      .filter((line) => line.letter === letter && line.of === of && line.values[row] !== undefined)
      .map(
        (line) =>
          `${line.set} ${fixed(line.values[row], of === 'cka' ? 2 : 0)}${of === 'probe' ? '\u00a0%' : ''}`,
      );
    return told.length === 0 ? [] : [`${of === 'cka' ? 'CKA' : 'probe'} ${told.join(', ')}`];
  };
  return (['A', 'B'] as const)
    .map((letter) => ({ who: letter, text: [...part(letter, 'cka'), ...part(letter, 'probe')].join('; ') }))
    .filter(({ text }) => text !== '');
}
