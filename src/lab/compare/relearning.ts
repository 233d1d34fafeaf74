import * as v from 'valibot';
import { accuracy } from '../evaluate/accuracy';
import { fixed } from '../format';
import { numberSchema } from '../study/parse-result';
import { cutIntoBatches } from '../train/batches';
import type { StepIndices } from '../train/trainer';
import { briefly } from './compact';
import type { ComparedModel, Comparison, ComparisonContext } from './comparison';

export interface Relearning {
  /** How many forget images are trained on, and on how many accuracy is measured. */
  trained: number;
  measured: number;
  /** Forget accuracy in percent before the first step (entry 0) and after each. */
  a: number[];
  b: number[];
  /** Mean over the steps of b's accuracy less a's, in points. */
  headStart: number;
}

/** What results keep of one model; everything as in `Relearning`. */
export interface KeptRelearning {
  trained: number;
  measured: number;
  accuracies: number[];
}

/** Mean lead over the oracle in points, over the steps that both were trained for; undefined without any. */
export function headStart(model: KeptRelearning, oracle: KeptRelearning): number | undefined {
  const steps = Math.min(model.accuracies.length, oracle.accuracies.length) - 1;
  if (steps < 1) return undefined;
  let sum = 0;
  for (let step = 1; step <= steps; step++) sum += model.accuracies[step]! - oracle.accuracies[step]!;
  return sum / steps;
}

/**
 * Plain fine-tuning: cross-entropy, SGD with momentum 0.9, a constant rate, no weight decay, BatchNorm in train mode, images as in
 * evaluation (no random crops). Both models see the same batches, shuffled anew each time the images have been gone through, the last
 * partial one dropped. Accuracies are of eval mode.
 */
export const relearning: Comparison<Relearning, KeptRelearning> = {
  id: 'relearning',
  label: 'Relearning',
  explanation:
    'How fast each model learns the forget set again: one that still holds it inside is ahead of one that never saw it.',
  formula:
    'head start = mean over steps t of acc_S(b after t) − acc_S(a after t); SGD on CE(S), the same batches',
  reference: 'Golatkar et al. 2020; METHOD section 5.1',
  cites: ['golatkar2020'],
  settings: [
    {
      kind: 'number',
      name: 'steps',
      label: 'Steps',
      help: 'How many batches each model is trained on.',
      default: 20,
      min: 1,
      max: 10000,
      integer: true,
    },
    {
      kind: 'number',
      name: 'lr',
      label: 'Learning rate',
      help: 'Step size, the same for every step.',
      default: 0.01,
      min: 0,
      max: 10,
    },
    {
      kind: 'number',
      name: 'batch',
      label: 'Batch',
      help: 'How many images share one step.',
      default: 128,
      min: 1,
      max: 4096,
      integer: true,
      source: 'METHOD section 2',
    },
    {
      kind: 'number',
      name: 'share',
      label: 'Share',
      help: 'How much of the forget set is trained on, drawn once; accuracy is measured on all of it.',
      default: 1,
      min: 0,
      max: 1,
    },
    {
      kind: 'number',
      name: 'sample',
      label: 'Sample',
      help: 'Accuracy is measured after every step on at most so many forget images, drawn once.',
      default: 1000,
      min: 1,
      max: 1e6,
      integer: true,
    },
  ],
  needs: ['forget'],
  async compare(context) {
    const { images, random, settings } = context;
    const all = images('forget').indices;
    const count = Math.max(1, Math.round((settings.share as number) * all.length));
    const trained =
      count === all.length ? all : random('relearning', 'share').shuffle(all.slice()).subarray(0, count);
    const steps = stepsOver(trained, context);
    const a = await relearn(context.a, steps, context);
    const b = await relearn(context.b, steps, context);
    const sizes = {
      trained: trained.length,
      measured: images('forget', settings.sample as number).indices.length,
    };
    const lead = headStart({ ...sizes, accuracies: b }, { ...sizes, accuracies: a })!;
    return { ...sizes, a, b, headStart: lead };
  },
  say({ measured, a, headStart }) {
    const where = `on average over ${a.length - 1} steps, on ${measured} forget images`;
    return headStart === 0
      ? `A and B are equally accurate ${where}.`
      : `B is ${fixed(Math.abs(headStart))} points ${headStart < 0 ? 'behind' : 'ahead of'} A ${where}.`;
  },
  tell: ({ trained, measured, a, b, headStart }) => ({ relearning: { trained, measured, headStart, a, b } }),
  keeping: {
    // A lead shows within the first steps; a step costs less than looking at the images after it.
    settings: { steps: 16, batch: 32, sample: 200 },
    work({ forget }, { steps, batch, sample }) {
      const trained = 2 * (steps as number) * Math.min(batch as number, forget);
      return { forward: 2 * ((steps as number) + 1) * Math.min(sample as number, forget), trained };
    },
    trainedBatch: ({ batch }) => batch as number,
    pack({ trained, measured, a, b }) {
      const kept = (accuracies: number[]) => ({ trained, measured, accuracies: accuracies.map(briefly) });
      return { oracle: kept(a), model: kept(b) };
    },
    schema: v.object({
      trained: numberSchema,
      measured: numberSchema,
      accuracies: v.array(numberSchema),
    }),
  },
};

/** One batch for each step, the same for both models. */
function stepsOver(examples: Int32Array, { random, settings }: ComparisonContext): StepIndices[] {
  const steps: StepIndices[] = [];
  for (let round = 0; steps.length < (settings.steps as number); round++) {
    const shuffled = random('relearning', 'shuffle', round).shuffle(examples.slice());
    for (const forget of cutIntoBatches(shuffled, settings.batch as number, true)) steps.push({ forget });
  }
  return steps.slice(0, settings.steps as number);
}

/** Forget accuracy before the first step and after each. Every step is an epoch of its own, so that each is measured. */
async function relearn(
  model: ComparedModel,
  steps: StepIndices[],
  { images, settings }: ComparisonContext,
): Promise<number[]> {
  const measured = images('forget', settings.sample as number);
  const accuracies: number[] = [];
  await model.train(
    {
      objective: ({ forget }, tools) => tools.crossEntropy(tools.logits(forget!), forget!.labels),
      recipe: {
        epochs: steps.length,
        lr: settings.lr as number,
        batch: settings.batch as number,
        momentum: 0.9,
        weightDecay: 0,
        floor: 1,
      },
      steps: (epoch) => [steps[epoch]!],
    },
    async (_, outputs) => {
      accuracies.push(accuracy(await outputs(measured)));
    },
  );
  return accuracies;
}
