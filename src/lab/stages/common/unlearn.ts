import type { ModelSpec } from '../../nn/spec';
import { randomStream } from '../../rng';
import type { Settings } from '../../settings';
import type { Recipe } from '../../study/study';
import type { Checkpoint, Mask } from '../../tensors';
import { cutIntoBatches, epochBatches } from '../../train/batches';
import type { Control, LiveModel } from '../../train/engine';
import type { BatchOrder } from '../../train/order';
import type { TrainReport, TrainRequest } from '../../train/trainer';
import type { UnlearnContext } from '../../unlearn/unlearner';
import { freshWeights } from './fresh-weights';

export interface UnlearnInputs {
  spec: ModelSpec;
  seed: number;
  settings: Settings;
  recipe: Recipe;
  original: Checkpoint;
  mask?: Mask;
  forget: Int32Array;
  retain: Int32Array;
  labels: Int32Array;
  augments?: boolean;
  classes: number;
  train(request: TrainRequest): Promise<TrainReport>;
  /** Given weights instead of a fresh draw for what is reset. */
  reset?: Checkpoint;
  relabels?: Map<number, number>;
  order?: BatchOrder;
  /** Images that are computed at once in gradients. */
  microBatch?: number;
  /** Told how many images a gradient outside of training was taken over. */
  sees?: (images: number) => void;
  /** For gradients and outputs outside of training. */
  control?: () => Control;
}

/** What a method may use, around a live model that holds the original's weights. */
export function unlearnContext(model: LiveModel, inputs: UnlearnInputs): UnlearnContext {
  const { spec, seed, reset, order, forget, retain } = inputs;
  const random = (...path: (string | number)[]) => randomStream(seed, 'unlearn', ...path);
  let trainings = 0;
  return {
    ...inputs,
    train: (request) => inputs.train({ ...request, augment: random('augment', trainings++) }),
    fresh: () => reset ?? freshWeights(spec, seed, 'reset'),
    random,
    load: (weights) => model.load(weights),
    snapshot: () => model.snapshot(),
    batches: (epoch, options) => epochBatches({ retain, forget, random, order }, epoch, options),
    async gradient(batches, options) {
      const { control, microBatch, sees } = inputs;
      const gradient = await model.gradient(batches, control?.(), { ...options, microBatch });
      sees?.(batches.reduce((images, batch) => images + batch.length, 0));
      return gradient;
    },
    outputs: (indices) => model.outputs('train', indices, inputs.control?.()),
    scoreBatches: (of, batch) =>
      order?.score[of] ?? cutIntoBatches(of === 'forget' ? forget : union(forget, retain), batch, true),
    stream: () => (order?.stream.length ? order.stream : random('stream').shuffle(retain.slice())),
  };
}

/** Both, ascending. */
function union(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both.sort();
}
