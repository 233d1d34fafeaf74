import * as v from 'valibot';
import { mean } from '../evaluate/accuracy';
import { predictedClasses } from '../evaluate/answers';
import { fixed, listText } from '../format';
import { base64Schema, integersSchema, numberSchema } from '../study/parse-result';
import { eachSetSchema, packShares } from './compact';
import { bySet, COMPARED_SETS, type ComparedSet, type Comparison, imagesText, ofEachSet } from './comparison';
import { softmaxRows, totalVariations } from './softmax';

/** What one model says of one set. */
export interface ModelPredictions {
  /** Softmax of every image, `[n, classes]`. */
  probabilities: Float64Array;
  /** The class of the largest. */
  predicted: Int32Array;
  /** Rows are the labels, null where the set has no image of one: the mean probabilities. */
  meanProbabilities: (number[] | null)[];
  /** The same rows: the share of each predicted class, in percent. */
  predictedShares: (number[] | null)[];
}

export interface SetPredictions {
  indices: Int32Array;
  labels: Int32Array;
  /** How many images the set has, of which these may be a sample. */
  of: number;
  a: ModelPredictions;
  b: ModelPredictions;
  /** Images with the same predicted class, in percent; null without images. */
  agreement: number | null;
  /** Images that a classifies right and b wrong, and the other way round. */
  rightToWrong: number;
  wrongToRight: number;
  /** Of every image, 0 to 1. */
  totalVariation: Float64Array;
}

export type Predictions = Record<ComparedSet, SetPredictions>;

/** What results keep of one model. */
export interface KeptPredictions {
  classes: number;
  /** Per set and label the mean probabilities, in thousandths. */
  means: Record<ComparedSet, (number[] | null)[]>;
  /** The oracle's: whose probabilities are kept. With many classes some images of each set stand for all. */
  indices?: Record<ComparedSet, number[]>;
  /** `[n, classes]` of each set in steps of 2 %, as of `packShares`. */
  probabilities: Record<ComparedSet, string>;
}

/** Probabilities are kept in steps of 2 %, which pack a third smaller than those of a byte and are finer than a bar shows. */
const KEPT_STEPS = 50;

/** Bytes of the probabilities of a set in a file: all answers on 2,400 images with ten classes. */
const MOST_KEPT = 24_000;

export const predictions: Comparison<Predictions, KeptPredictions> = {
  id: 'predictions',
  label: 'Predictions',
  explanation:
    'What each of the two models says of every image, how often they say the same, and what changes from the first to the second.',
  formula:
    'agreement = share of x with argmax p(x) = argmax q(x), in %; mean of p(x) over the x of each class; ½·Σ_k |p_k(x) − q_k(x)|',
  reference: 'METHOD section 5.1',
  settings: [
    {
      kind: 'number',
      name: 'sample',
      label: 'Sample',
      help: 'At most so many retained and so many test images, drawn once; forget images are all looked at.',
      default: 10000,
      min: 1,
      max: 1e7,
      integer: true,
    },
  ],
  always: true,
  needs: ['forget'],
  compare: ({ a, b, images, settings }) =>
    ofEachSet(async (set) => {
      const chosen = images(set, set === 'forget' ? undefined : (settings.sample as number));
      const { indices, labels, of } = chosen;
      const outputs = { a: await a.outputs(chosen), b: await b.outputs(chosen) };
      const { classes } = outputs.a;
      const told = { a: predictionsOf(outputs.a, labels), b: predictionsOf(outputs.b, labels) };
      const right = (side: 'a' | 'b', i: number) => told[side].predicted[i] === labels[i];
      const same = told.a.predicted.filter((label, i) => label === told.b.predicted[i]).length;
      return {
        indices,
        labels,
        of,
        ...told,
        agreement: indices.length > 0 ? (100 * same) / indices.length : null,
        rightToWrong: indices.filter((_, i) => right('a', i) && !right('b', i)).length,
        wrongToRight: indices.filter((_, i) => !right('a', i) && right('b', i)).length,
        totalVariation: totalVariations(told.a.probabilities, told.b.probabilities, classes),
      };
    }),
  tell: (outcome) => ({
    sets: bySet(outcome, ({ indices }) => indices.length),
    setSizes: bySet(outcome, ({ of }) => of),
    predictions: {
      a: bySet(outcome, ({ a }) => a.meanProbabilities),
      b: bySet(outcome, ({ b }) => b.meanProbabilities),
    },
    predictedShares: {
      a: bySet(outcome, ({ a }) => a.predictedShares),
      b: bySet(outcome, ({ b }) => b.predictedShares),
    },
    agreement: bySet(outcome, ({ agreement }) => agreement),
    changes: bySet(outcome, ({ rightToWrong, wrongToRight }) => ({ rightToWrong, wrongToRight })),
    totalVariation: bySet(outcome, ({ totalVariation }) =>
      totalVariation.length > 0 ? mean(totalVariation) : null,
    ),
  }),
  say(outcome) {
    const shares = COMPARED_SETS.filter((set) => outcome[set].agreement !== null).map((set) => {
      const { agreement, indices, of } = outcome[set];
      return `${fixed(agreement!)} % of ${imagesText(set, indices.length, of)}`;
    });
    return `A and B predict the same class for ${listText(shares, 'and')}.`;
  },
  keeping: {
    firstSeedOnly: true,
    settings: {},
    work: ({ forget, retain, test }) => ({ forward: 2 * (forget + retain + test), trained: 0 }),
    pack: (outcome) => ({
      oracle: {
        indices: bySet(outcome, (of) => keptRows(of).map((i) => of.indices[i]!)),
        ...kept(outcome, 'a'),
      },
      model: kept(outcome, 'b'),
    }),
    schema: v.object({
      classes: v.pipe(numberSchema, v.integer(), v.minValue(1)),
      means: eachSetSchema(v.array(v.nullable(v.array(numberSchema)))),
      indices: v.optional(eachSetSchema(integersSchema)),
      probabilities: eachSetSchema(base64Schema),
    }),
  },
};

function kept(outcome: Predictions, side: 'a' | 'b'): KeptPredictions {
  const classes = outcome.forget[side].meanProbabilities.length;
  return {
    classes,
    means: bySet(outcome, ({ [side]: { meanProbabilities } }) =>
      meanProbabilities.map((row) => row?.map((share) => Math.round(1000 * share) / 1000) ?? null),
    ),
    probabilities: bySet(outcome, (of) => {
      const { probabilities } = of[side];
      const rows = keptRows(of).flatMap((i) => [...probabilities.subarray(i * classes, (i + 1) * classes)]);
      return packShares(rows.map((share) => Math.round(KEPT_STEPS * share) / KEPT_STEPS));
    }),
  };
}

/** As many of a set's images as there is place for, evenly spaced. */
function keptRows({ indices, a: { meanProbabilities } }: SetPredictions): number[] {
  const count = Math.min(indices.length, Math.floor(MOST_KEPT / meanProbabilities.length));
  return Array.from({ length: count }, (_, i) => Math.floor((i * indices.length) / count));
}

function predictionsOf(
  outputs: { logits: Float32Array; classes: number },
  labels: Int32Array,
): ModelPredictions {
  const { classes } = outputs;
  const probabilities = softmaxRows(outputs);
  const predicted = predictedClasses(outputs);
  const certain = new Float64Array(probabilities.length);
  predicted.forEach((label, i) => {
    certain[i * classes + label] = 100;
  });
  return {
    probabilities,
    predicted,
    meanProbabilities: meansByLabel(probabilities, labels, classes),
    predictedShares: meansByLabel(certain, labels, classes),
  };
}

/** The mean row of each label, null for a label without rows. */
function meansByLabel(rows: Float64Array, labels: Int32Array, classes: number): (number[] | null)[] {
  const counts = new Array<number>(classes).fill(0);
  const sums = counts.map(() => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    counts[label]!++;
    for (let k = 0; k < classes; k++) sums[label]![k]! += rows[i * classes + k]!;
  });
  return sums.map((sum, label) => (counts[label]! > 0 ? sum.map((value) => value / counts[label]!) : null));
}
