import * as v from 'valibot';
import { fixed } from '../format';
import { integersSchema, numberSchema } from '../study/parse-result';
import { eachSetSchema, type Levels, levelsSchema, packLevels } from './compact';
import {
  bySet,
  COMPARED_SETS,
  type ComparedImages,
  type ComparedSet,
  type Comparison,
  type ComparisonContext,
} from './comparison';
import { featuresOf } from './features-of';
import { principalPlane, projectOnto } from './pca';
import { umapOf } from './umap';

/** One set's images in the map. */
export interface EmbeddedSet {
  indices: Int32Array;
  labels: Int32Array;
  /** Coordinates of the images as each model sees them, `[n, 2]`. */
  a: Float64Array;
  b: Float64Array;
}

export interface Embedding {
  map: 'pca' | 'umap';
  sets: Record<ComparedSet, EmbeddedSet>;
  /** PCA only: the share of the variance of a's features along each axis, 0 to 1. */
  shares?: [number, number];
}

/** What results keep of a model: where its images lie in the plane of the oracle's features. */
export interface KeptEmbedding {
  /** The oracle's: indices of the images of each set, and the shares of the axes. */
  indices?: Record<ComparedSet, number[]>;
  shares?: number[];
  /** `[n, 2]` of each set. */
  points: Record<ComparedSet, Levels>;
}

export const embedding: Comparison<Embedding, KeptEmbedding> = {
  id: 'embedding',
  label: 'Embedding',
  explanation:
    'The images of both models in one map of two dimensions, by the features in front of the classifier head: images that lie near each other are alike to the model.',
  formula:
    'PCA fitted on the features of a: z ↦ Wᵀ(z − mean of z_a), W: the two leading eigenvectors of Cov(z_a), for both models',
  reference: 'METHOD section 5.1; UMAP: McInnes et al. 2018',
  settings: [
    {
      kind: 'choice',
      name: 'map',
      label: 'Map',
      help: 'How the features come into the plane.',
      default: 'pca',
      options: [
        { value: 'pca', label: 'PCA', help: 'Axes of the first model, in which both are drawn.' },
        {
          value: 'umap',
          label: 'UMAP',
          help: 'Neighbourhoods of all images of both models together; axes mean nothing.',
        },
      ],
    },
    {
      kind: 'number',
      name: 'examples',
      label: 'Examples',
      help: 'At most so many images of each set, drawn once.',
      default: 256,
      min: 4,
      max: 2048,
      integer: true,
    },
    {
      kind: 'number',
      name: 'neighbours',
      label: 'Neighbours',
      help: 'UMAP only: how many neighbours make a neighbourhood.',
      default: 15,
      min: 2,
      max: 100,
      integer: true,
      source: 'McInnes et al. 2018',
    },
  ],
  needs: ['forget'],
  async compare(context) {
    const { images, settings, spec } = context;
    const chosen = COMPARED_SETS.map((set) => images(set, settings.examples as number));
    const collect = async (side: 'a' | 'b') => {
      const parts: Float32Array[] = [];
      for (const set of chosen) parts.push(await featuresOf(context[side], set, spec));
      return joined(parts);
    };
    const features = { a: await collect('a'), b: await collect('b') };
    const width = features.a.length / chosen.reduce((sum, { indices }) => sum + indices.length, 0);
    return settings.map === 'umap'
      ? { map: 'umap', sets: split(chosen, await nearby(context, features, width)) }
      : { map: 'pca', ...(await common(context, chosen, features, width)) };
  },
  tell: ({ map, shares, sets }) => ({
    embedding: {
      map,
      ...(shares && { shares }),
      ...Object.fromEntries(
        Object.entries(sets).map(([set, { indices, labels, a, b }]) => [
          set,
          { images: [...indices], labels: [...labels], a: pairs(a), b: pairs(b) },
        ]),
      ),
    },
  }),
  say({ shares, sets }) {
    const count = COMPARED_SETS.reduce((sum, set) => sum + sets[set].indices.length, 0);
    return shares
      ? `The two axes hold ${fixed(100 * shares[0])} % and ${fixed(100 * shares[1])} % of the variance of A’s features of ${count} images.`
      : `UMAP has put ${count} images, each as A and as B see it, into one map.`;
  },
  keeping: {
    firstSeedOnly: true,
    settings: {},
    work({ forget, retain, test }, { examples }) {
      const most = (images: number) => Math.min(images, examples as number);
      return { forward: 2 * (most(forget) + most(retain) + most(test)), trained: 0 };
    },
    pack: ({ sets, shares }) => ({
      oracle: {
        indices: bySet(sets, ({ indices }) => [...indices]),
        ...(shares && { shares }),
        points: bySet(sets, ({ a }) => packLevels(a)),
      },
      model: { points: bySet(sets, ({ b }) => packLevels(b)) },
    }),
    schema: v.object({
      indices: v.optional(eachSetSchema(integersSchema)),
      shares: v.optional(v.array(numberSchema)),
      points: eachSetSchema(levelsSchema),
    }),
  },
};

/** Both models' features; rows are those of all sets, one after the other. */
type BothFeatures = Record<'a' | 'b', Float32Array>;

async function common(
  { random, control }: ComparisonContext,
  chosen: ComparedImages[],
  features: BothFeatures,
  width: number,
): Promise<Pick<Embedding, 'sets' | 'shares'>> {
  const watch = control('principal axes');
  let done = 0;
  const plane = await principalPlane(features.a, width, random('embedding', 'pca'), () => {
    done++;
    return watch.tick({ done, total: done, counted: 'steps', examples: done });
  });
  const map = { a: projectOnto(plane, features.a), b: projectOnto(plane, features.b) };
  return { sets: split(chosen, map), shares: plane.shares };
}

async function nearby(
  { random, control, settings }: ComparisonContext,
  { a, b }: BothFeatures,
  width: number,
): Promise<Record<'a' | 'b', Float64Array>> {
  const watch = control('UMAP');
  const map = await umapOf(joined([a, b]), width, {
    neighbours: settings.neighbours as number,
    random: random('embedding', 'umap'),
    onStep: (done, total) => watch.tick({ done, total, counted: 'steps', examples: done }),
  });
  const half = map.length / 2;
  return { a: map.subarray(0, half), b: map.subarray(half) };
}

function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The coordinates of each set out of those of all. */
function split(chosen: ComparedImages[], { a, b }: Record<'a' | 'b', Float64Array>): Embedding['sets'] {
  let from = 0;
  return Object.fromEntries(
    chosen.map(({ set, indices, labels }) => {
      const to = from + 2 * indices.length;
      const own = { indices, labels, a: a.slice(from, to), b: b.slice(from, to) };
      from = to;
      return [set, own];
    }),
  ) as Embedding['sets'];
}

const pairs = (points: Float64Array): number[][] =>
  Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!]);
