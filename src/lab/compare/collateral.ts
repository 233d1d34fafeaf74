import * as v from 'valibot';
import { mean } from '../evaluate/accuracy';
import { fixed } from '../format';
import { base64Schema, integersSchema, numberSchema } from '../study/parse-result';
import { brieflyOrNull, type Levels, levelsSchema, packLevels, packShares } from './compact';
import { type Comparison, imagesText } from './comparison';
import { featuresOf } from './features-of';
import { rankCorrelation } from './rank-correlation';
import { softmaxRows, totalVariations } from './softmax';

const BINS = 10;

export interface Collateral {
  /** The retained images that were looked at, and how many there are. */
  indices: Int32Array;
  of: number;
  /** Per image: from a's features to those of the nearest forget image (Euclidean). */
  distance: Float64Array;
  /** Per image: of the two models' probabilities, 0 to 1. */
  totalVariation: Float64Array;
  /** Spearman's, of the two; null where one of them is the same for every image. */
  rankCorrelation: number | null;
  /** Means over tenths of the images, nearest first. */
  bins: { images: number; distance: number; totalVariation: number }[];
}

/** What results keep: of the oracle the images and their distances, of another model how much its answers differ. */
export interface KeptCollateral {
  indices?: number[];
  of?: number;
  distance?: Levels;
  /** As of `packShares`. */
  totalVariation?: string;
  rankCorrelation?: number | null;
}

export const collateral: Comparison<Collateral, KeptCollateral> = {
  id: 'collateral',
  label: 'Collateral',
  explanation:
    'How much the second model’s answers on retained images differ from the reference’s, against how near each image lies to the forget set.',
  formula: '½·Σ_k |p_k(x) − q_k(x)| against min over s ∈ S of |z_a(x) − z_a(s)|, x ∈ R',
  reference: 'arXiv 2605.31317; METHOD section 5.1',
  settings: [
    {
      kind: 'number',
      name: 'sample',
      label: 'Sample',
      help: 'At most so many retained images, drawn once; the nearest is looked for among all forget images, in studies among at most 5,000.',
      default: 2000,
      min: 2,
      max: 1e6,
      integer: true,
    },
  ],
  needs: ['forget', 'retain'],
  async compare({ a, b, images, settings, spec, nearestDistances }) {
    const [forget, retain] = [images('forget'), images('retain', settings.sample as number)];
    const [outputsA, outputsB] = [await a.outputs(retain), await b.outputs(retain)];
    const totalVariation = totalVariations(softmaxRows(outputsA), softmaxRows(outputsB), outputsA.classes);
    const features = await featuresOf(a, retain, spec);
    const distance = await nearestDistances(
      features,
      await featuresOf(a, forget, spec),
      features.length / retain.indices.length,
    );
    return {
      indices: retain.indices,
      of: retain.of,
      distance,
      totalVariation,
      rankCorrelation: rankCorrelation(distance, totalVariation),
      bins: binsOf(distance, totalVariation),
    };
  },
  tell: ({ indices, of, distance, totalVariation, rankCorrelation, bins }) => ({
    collateral: {
      of,
      rankCorrelation,
      bins: bins.map((bin) => ({ ...bin })),
      images: [...indices],
      distance: [...distance],
      totalVariation: [...totalVariation],
    },
  }),
  say({ indices, of, rankCorrelation }) {
    const looked = imagesText('retain', indices.length, of);
    return rankCorrelation === null
      ? `Over ${looked} the change of B against A, or the distance to the forget set, is the same everywhere.`
      : `Over ${looked} the rank correlation of B’s change against A with the distance to the nearest forget image is ${fixed(rankCorrelation, 2)}.`;
  },
  keeping: {
    firstSeedOnly: true,
    settings: { sample: 1000 },
    work: ({ forget, retain }, { sample }) => ({
      forward: forget + 3 * Math.min(retain, sample as number),
      trained: 0,
    }),
    pack: ({ indices, of, distance, totalVariation, rankCorrelation }) => ({
      oracle: { indices: [...indices], of, distance: packLevels(distance) },
      model: {
        totalVariation: packShares(totalVariation),
        rankCorrelation: brieflyOrNull(rankCorrelation),
      },
    }),
    schema: v.object({
      indices: v.optional(integersSchema),
      of: v.optional(numberSchema),
      distance: v.optional(levelsSchema),
      totalVariation: v.optional(base64Schema),
      rankCorrelation: v.optional(v.nullable(numberSchema)),
    }),
  },
};

function binsOf(distance: Float64Array, totalVariation: Float64Array): Collateral['bins'] {
  const nearestFirst = [...distance.keys()].sort((i, j) => distance[i]! - distance[j]! || i - j);
  const count = Math.min(BINS, nearestFirst.length);
  return Array.from({ length: count }, (_, bin) => {
    const cut = (at: number) => Math.floor((at * nearestFirst.length) / count);
    const own = nearestFirst.slice(cut(bin), cut(bin + 1));
    const meanOf = (values: Float64Array) => mean(Float64Array.from(own, (i) => values[i]!));
    return { images: own.length, distance: meanOf(distance), totalVariation: meanOf(totalVariation) };
  });
}
