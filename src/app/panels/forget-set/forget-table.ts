import type { Memorization } from '../../../lab/forget/memorization';
import { fixed, NOTHING } from '../../../lab/format';
import type { ImageSet } from '../../state/image-set';
import type { Table } from '../../ui/DataTable';
import { FATES, type ToldFate } from './fate';

interface Known {
  data: ImageSet;
  forget: readonly number[];
  /** Wrong labels by example index; empty where none were planted. */
  wrong: ReadonlyMap<number, number>;
  losses?: Float32Array;
  memorization?: Memorization;
  /** What the shown run made of them. */
  fates?: ReadonlyMap<number, ToldFate>;
}

/** `0.67 ± 0.24`; a dash where nothing is known. */
export function memorizationText({ scores, errors }: Memorization, index: number): string {
  if (!Number.isFinite(errors[index])) return NOTHING;
  return `${fixed(scores[index], 2)} ± ${fixed(errors[index], 2)}`;
}

function memorizationCells({ scores, errors }: Memorization, index: number): (string | undefined)[] {
  const known = Number.isFinite(errors[index]);
  return known ? [fixed(scores[index], 2), fixed(errors[index], 2)] : [undefined, undefined];
}

const FATE_COLUMNS = [
  { label: 'became', align: 'left' },
  { label: 'run says', align: 'left' },
  { label: 'oracle says', align: 'left' },
] as const;

function fateCells(told: ToldFate | undefined, classes: readonly string[]): (string | undefined)[] {
  if (!told) return [undefined, undefined, undefined];
  return [told.fate && FATES[told.fate].label, classes[told.run], classes[told.oracle]];
}

/** All that is known of the examples to be forgotten, a row each. */
export function forgetTable({ data, forget, wrong, losses, memorization, fates }: Known): Table {
  const planted = wrong.size > 0;
  return {
    caption: 'The forget set',
    columns: [
      { label: 'image' },
      { label: 'class', align: 'left' },
      ...(planted ? [{ label: 'trained as', align: 'left' } as const] : []),
      ...(memorization ? [{ label: 'memorized' }, { label: '± error' }] : []),
      { label: 'loss' },
      ...(fates ? FATE_COLUMNS : []),
    ],
    rows: forget.map((i) => [
      i,
      data.classes[data.labels[i]!],
      ...(planted ? [data.classes[wrong.get(i)!]] : []),
      ...(memorization ? memorizationCells(memorization, i) : []),
      losses?.[i]?.toFixed(4),
      ...(fates ? fateCells(fates.get(i), data.classes) : []),
    ]),
  };
}
