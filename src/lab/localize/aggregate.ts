import type { ModelSpec } from '../nn/spec';
import type { Setting, Settings } from '../settings';
import type { UnitTensor } from './units';

/**
 * How many of a row's largest scalar scores are averaged (METHOD section 1.2). `published`: a tenth of the tensor's output
 * channels in convolutional networks, the whole row in the ViT.
 */
export const rowSettings: Setting[] = [
  {
    kind: 'choice',
    name: 'h',
    label: 'Channel score',
    help: 'A channel scores the mean of its h largest weight scores; this says how h is chosen.',
    source: 'h = 0.1 × output channels for CNNs, the whole row for the ViT (official code)',
    default: 'published',
    options: [
      { value: 'published', label: 'as published' },
      { value: 'channels', label: 'share of the output channels' },
      { value: 'row', label: 'share of the row' },
      { value: 'count', label: 'fixed number' },
      { value: 'all', label: 'whole row' },
    ],
  },
  {
    kind: 'number',
    name: 'hShare',
    label: 'h as a share',
    help: 'h as a share of the output channels or of the row, rounded down, at least 1.',
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.01,
  },
  {
    kind: 'number',
    name: 'hCount',
    label: 'h as a number',
    help: 'h as a fixed number of weights, at most the row.',
    default: 1,
    min: 1,
    max: 100_000,
    integer: true,
  },
];

/** h of one tensor: between 1 and the row's length (the clamp at 1 is ours; the official code yields NaN there). */
export function rowTop(spec: ModelSpec, tensor: UnitTensor, settings: Settings): number {
  const share = settings.hShare as number;
  const wanted = () => {
    switch (settings.h) {
      case 'channels':
        return share * tensor.rows;
      case 'row':
        return share * tensor.rowLength;
      case 'count':
        return settings.hCount as number;
      case 'all':
        return tensor.rowLength;
      default:
        return spec.config.kind === 'vit' ? tensor.rowLength : 0.1 * tensor.rows;
    }
  };
  return Math.min(tensor.rowLength, Math.max(1, Math.floor(wanted())));
}

/** What h is (`0.1 × output channels`); undefined where it is the whole row. */
export function rowTopText(spec: ModelSpec, { h, hShare, hCount }: Settings): string | undefined {
  switch (h) {
    case 'channels':
      return `${hShare} × output channels`;
    case 'row':
      return hShare === 1 ? undefined : `${hShare} × weights of the unit`;
    case 'count':
      return `${hCount}`;
    case 'all':
      return undefined;
    default:
      return spec.config.kind === 'vit' ? undefined : '0.1 × output channels';
  }
}

/** Mean of the `h` largest of each row: `[rows]` from the tensor's scalar scores, row-major. */
export function rowScores(elements: Float32Array, { rows, rowLength }: UnitTensor, h: number): Float32Array {
  const scores = new Float32Array(rows);
  const largest = new Float64Array(h);
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    const values = elements.subarray(start, start + rowLength);
    // NaN fails every comparison, so the selection below would leave it out; the row's score has to show it.
    scores[row] = values.some(Number.isNaN) ? Number.NaN : sumOfLargest(values, largest) / h;
  }
  return scores;
}

/**
 * Sum of the largest values. `largest` holds those found so far in ascending order; most values fail the comparison with its first, so
 * insertions are few.
 * @param largest overwritten: `[h]`.
 */
function sumOfLargest(values: Float32Array, largest: Float64Array): number {
  const h = largest.length;
  if (h === values.length) return values.reduce((sum, value) => sum + value, 0);
  largest.fill(-Infinity);
  for (const value of values) {
    if (!(value > largest[0]!)) continue;
    let i = 0;
    for (; i + 1 < h && largest[i + 1]! < value; i++) largest[i] = largest[i + 1]!;
    largest[i] = value;
  }
  return largest.reduce((sum, value) => sum + value, 0);
}
