import * as v from 'valibot';
import { fixed } from '../format';
import { featureLayer } from '../nn/activation-layers';
import { decodeBytes, encodeBytes } from '../study/floats';
import { base64Schema, integersSchema, numberSchema } from '../study/parse-result';
import { eachSetSchema } from './compact';
import {
  bySet,
  type ComparedImages,
  type ComparedModel,
  type ComparedSet,
  type Comparison,
  type ComparisonContext,
  imagesText,
  ofEachSet,
} from './comparison';
import { featuresOf } from './features-of';

/** One set's images and the training images nearest to each. */
export interface SetNeighbours {
  indices: Int32Array;
  /** How many images the set has. */
  of: number;
  /** Numbers of training images, `[n, count]`, nearest first, for each model; -1 where its features are no numbers. */
  a: Int32Array;
  b: Int32Array;
}

export interface Neighbours {
  /** How many are named of each image. */
  count: number;
  /** Among how many training images they are looked for. */
  pool: { forget: number; retain: number };
  sets: Record<ComparedSet, SetNeighbours>;
  /** How many of a forget image's neighbours both models name, in percent. */
  shared: number;
}

/** What results keep of a model. */
export interface KeptNeighbours {
  count: number;
  /** The oracle's: whose neighbours are kept, and among how many they were looked for. */
  indices?: Record<ComparedSet, number[]>;
  pool?: { forget: number; retain: number };
  /** `[n, count]` of each set, as of `packNumbers`. */
  nearest: Record<ComparedSet, string>;
}

/**
 * The pool passes by batch by batch, and each batch is let go of once every image has been compared with it: memory grows with the
 * examples, not with the training set, and work is paused and cancelled between batches.
 */
export const neighbours: Comparison<Neighbours, KeptNeighbours> = {
  id: 'neighbours',
  label: 'Nearest images',
  explanation:
    'For every image the training images that are most alike to each model, by the features in front of the classifier head.',
  formula:
    'the s ∈ S ∪ R, s ≠ x, with the least |z(x) − z(s)|, for z of a and of b; of equal ones the lower number',
  reference: 'ours; METHOD section 5.1',
  settings: [
    {
      kind: 'number',
      name: 'examples',
      label: 'Examples',
      help: 'At most so many images of each set, drawn once.',
      default: 256,
      min: 1,
      max: 2048,
      integer: true,
    },
    {
      kind: 'number',
      name: 'count',
      label: 'Nearest',
      help: 'So many training images are named of each.',
      default: 3,
      min: 1,
      max: 50,
      integer: true,
    },
    {
      kind: 'number',
      name: 'sample',
      label: 'Sample',
      help: 'They are looked for among all forget images and at most so many retained ones, drawn once; in studies among at most 5,000 and 1,000.',
      default: 5000,
      min: 1,
      max: 1e6,
      integer: true,
    },
  ],
  needs: ['forget', 'retain'],
  async compare(context) {
    const { images, settings } = context;
    const chosen = await ofEachSet((set) => images(set, settings.examples as number));
    const pool = [images('forget'), images('retain', settings.sample as number)] as const;
    const [forget, retain] = [pool[0].indices.length, pool[1].indices.length];
    const count = Math.min(settings.count as number, forget + retain - 1);
    const a = await nearestOf(context.a, context, chosen, pool, count);
    const b = await nearestOf(context.b, context, chosen, pool, count);
    const sets = await ofEachSet((set) => {
      const { indices, of } = chosen[set];
      return { indices, of, a: a[set], b: b[set] };
    });
    return { count, pool: { forget, retain }, sets, shared: sharedOf(sets.forget, count) };
  },
  tell: ({ count, pool, sets, shared }) => ({
    neighbours: {
      count,
      pool,
      shared,
      ...bySet(sets, ({ indices, a, b }) => ({
        images: [...indices],
        a: rowsOf(a, count),
        b: rowsOf(b, count),
      })),
    },
  }),
  say({ count, pool, sets, shared }) {
    const { indices, of } = sets.forget;
    const nearest = count === 1 ? 'training image' : `${count} training images`;
    const total = (pool.forget + pool.retain).toLocaleString('en-US');
    return `Of the ${nearest} nearest to each of ${imagesText('forget', indices.length, of)}, looked for among ${total}, A and B share ${fixed(shared)} %.`;
  },
  keeping: {
    firstSeedOnly: true,
    settings: {},
    work({ forget, retain, test }, { examples, sample }) {
      const most = (images: number) => Math.min(images, examples as number);
      const pool = forget + Math.min(retain, sample as number);
      return { forward: 2 * (most(forget) + most(retain) + most(test) + pool), trained: 0 };
    },
    pack: ({ count, pool, sets }) => ({
      oracle: {
        count,
        pool,
        indices: bySet(sets, ({ indices }) => [...indices]),
        nearest: bySet(sets, ({ a }) => packNumbers(a)),
      },
      model: { count, nearest: bySet(sets, ({ b }) => packNumbers(b)) },
    }),
    schema: v.object({
      count: v.pipe(numberSchema, v.integer(), v.minValue(1)),
      indices: v.optional(eachSetSchema(integersSchema)),
      pool: v.optional(v.object({ forget: numberSchema, retain: numberSchema })),
      nearest: eachSetSchema(base64Schema),
    }),
  },
};

/** Numbers of images: four bytes each, little-endian int32, base64. */
export function packNumbers(numbers: Int32Array): string {
  const bytes = new Uint8Array(4 * numbers.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) view.setInt32(4 * i, numbers[i]!, true);
  return encodeBytes(bytes);
}

/** The inverse of `packNumbers`. */
export function unpackNumbers(numbers: string): Int32Array {
  const bytes = decodeBytes(numbers);
  const view = new DataView(bytes.buffer);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(4 * i, true));
}

/** For one model, of each set's images the nearest of the pool, `[n, count]`. */
async function nearestOf(
  model: ComparedModel,
  { spec }: Pick<ComparisonContext, 'spec'>,
  chosen: Record<ComparedSet, ComparedImages>,
  pool: readonly ComparedImages[],
  count: number,
): Promise<Record<ComparedSet, Int32Array>> {
  const { name, width } = featureLayer(spec.config);
  const found = await ofEachSet(
    async (set) => new NearestRows(await featuresOf(model, chosen[set], spec), width, count),
  );
  for (const images of pool)
    await model.layerMeans(images, [name], (from, rows) => {
      for (let at = 0; at < rows.length; at += width) {
        const index = images.indices[from + at / width]!;
        const row = rows.subarray(at, at + width);
        for (const set of ['forget', 'retain'] as const) found[set].offer(index, row, chosen[set].indices);
        found.test.offer(index, row);
      }
    });
  return bySet(found, ({ numbers }) => numbers);
}

/** Dimensions after which a distance that is too large already is not followed further. */
const STRIDE = 32;

/** The nearest `count` of the rows that pass by, for each of some points. */
class NearestRows {
  /** `[points, count]`, nearest first; -1: none yet. */
  readonly numbers: Int32Array;
  readonly #squares: Float64Array;

  readonly #points: Float32Array;
  readonly #width: number;
  readonly #count: number;

  /** @param points `[n, width]` */
  constructor(points: Float32Array, width: number, count: number) {
    this.#points = points;
    this.#width = width;
    this.#count = count;
    this.numbers = new Int32Array((points.length / width) * count).fill(-1);
    this.#squares = new Float64Array(this.numbers.length).fill(Number.POSITIVE_INFINITY);
  }

  /** @param own the points' own numbers, where they may be among the rows: none is its own neighbour */
  offer(number: number, row: Float32Array, own?: Int32Array): void {
    const { numbers } = this;
    const squares = this.#squares;
    for (let point = 0; point < this.#points.length / this.#width; point++) {
      if (own?.[point] === number) continue;
      const first = point * this.#count;
      const last = first + this.#count - 1;
      const square = this.#squareTo(point, row, squares[last]!);
      let at = last + 1;
      while (
        at > first &&
        (square < squares[at - 1]! || (square === squares[at - 1] && number < numbers[at - 1]!))
      )
        at--;
      if (at > last) continue;
      numbers.copyWithin(at + 1, at, last);
      squares.copyWithin(at + 1, at, last);
      numbers[at] = number;
      squares[at] = square;
    }
  }

  /** The squared distance, or something larger than `most`. */
  #squareTo(point: number, row: Float32Array, most: number): number {
    const points = this.#points;
    const width = this.#width;
    const from = point * width;
    let sum = 0;
    for (let start = 0; start < width; start += STRIDE) {
      const end = Math.min(width, start + STRIDE);
      for (let k = start; k < end; k++) {
        const difference = points[from + k]! - row[k]!;
        sum += difference * difference;
      }
      if (sum > most) break;
    }
    return sum;
  }
}

function sharedOf({ a, b }: SetNeighbours, count: number): number {
  const shared = rowsOf(a, count).map((row, i) => {
    const other = b.subarray(i * count, (i + 1) * count);
    return row.filter((number) => number >= 0 && other.includes(number)).length;
  });
  return (100 * shared.reduce((sum, same) => sum + same, 0)) / a.length;
}

const rowsOf = (numbers: Int32Array, count: number): number[][] =>
  Array.from({ length: numbers.length / count }, (_, i) => [...numbers.subarray(i * count, (i + 1) * count)]);
