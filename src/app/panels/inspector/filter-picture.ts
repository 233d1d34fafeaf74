import type { UnitWeights } from '../../../lab/lab-api';

/** A picture of one unit's weights: `values` row-major, each 0 to 1. */
export interface FilterPicture {
  width: number;
  height: number;
  of: 'pixel' | 'input' | 'position';
  /** `grey` and `color` (three values a pixel) show signed weights about a middle of 0.5; `size` shows magnitudes from 0. */
  kind: 'grey' | 'color' | 'size';
  values: Float32Array;
}

/**
 * Pictures of a unit's weights. A filter on 1 or 3 input channels is shown as it is, grey or in colours, 0 in the middle; a deeper one as the
 * norm of each input channel and as the mean magnitude at each position of its window; a row of a linear layer as magnitudes;
 * a single weight has none.
 */
export function filterPictures({ shape, values }: UnitWeights): FilterPicture[] {
  const [inputs = 0, height = 1, width = 1] = shape;
  const window = height * width;
  if (values.length < 2) return [];
  if (window > 1 && (inputs === 1 || inputs === 3)) {
    const largest = largestOf(values);
    const signed = (value: number) => 0.5 + value / (2 * largest);
    const shown = Float32Array.from(values, (_, i) =>
      signed(inputs === 1 ? values[i]! : values[(i % 3) * window + Math.floor(i / 3)]!),
    );
    return [{ width, height, of: 'pixel', kind: inputs === 1 ? 'grey' : 'color', values: shown }];
  }
  const norms = new Float32Array(inputs);
  const means = new Float32Array(window);
  values.forEach((value, i) => {
    norms[Math.floor(i / window)]! += value * value;
    means[i % window]! += Math.abs(value) / inputs;
  });
  const columns = Math.ceil(Math.sqrt(inputs));
  const strip = new Float32Array(columns * Math.ceil(inputs / columns));
  strip.set(relative(norms.map(Math.sqrt)));
  const perInput: FilterPicture = {
    of: 'input',
    width: columns,
    height: strip.length / columns,
    kind: 'size',
    values: strip,
  };
  if (window === 1) return [perInput];
  return [perInput, { of: 'position', width, height, kind: 'size', values: relative(means) }];
}

/** What the pictures of a selection show, in one sentence. */
export function pictureCaption(filters: UnitWeights[]): string {
  const kinds = new Set(filters.flatMap((filter) => filterPictures(filter).map(({ kind }) => kind)));
  const deep = filters.some((filter) => filterPictures(filter).length > 1);
  return [
    kinds.has('grey') &&
      'Filters on the image itself: black is the most negative weight, white the most positive.',
    kinds.has('color') && 'Filters on the image itself, a colour for each input channel: mid-grey is 0.',
    deep &&
      'Deeper filters: left the norm of the weights on each input channel, right the mean magnitude at each position of the window; their signs are not shown.',
    kinds.has('size') && !deep && 'Magnitude of the weight on each input; signs are not shown.',
    'Each picture has its own scale.',
  ]
    .filter(Boolean)
    .join(' ');
}

const largestOf = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;

function relative(values: Float32Array): Float32Array {
  const largest = largestOf(values);
  return values.map((value) => value / largest);
}
