import { maskStreams } from '../../localize';
import { cutOnDevice } from '../../localize/cut/device-mask';
import type { GradientOver, Localizer, Probe } from '../../localize/localizer';
import type { Scores } from '../../localize/scores';
import type { ModelSpec } from '../../nn/spec';
import type { GradientStep } from '../../plan/stage-planning';
import type { Sizes } from '../../plan/work';
import { randomStream, sampleOf } from '../../rng';
import { LetheError, type Settings } from '../../settings';
import type { Mask, ParameterTensors } from '../../tensors';
import { cutIntoBatches } from '../../train/batches';
import type { Control, LiveModel } from '../../train/engine';
import type { BatchOrder } from '../../train/order';

/** Images per batch of an accumulated gradient (METHOD sections 1.1 and 1.4). */
const SCORE_BATCH: Record<GradientOver, number> = { forget: 128, train: 128, contrast: 64 };

/** How many images a gradient goes over: for estimates. */
export function gradientImages(over: GradientOver, { forget, retain }: Sizes): number {
  return forget + { forget: 0, train: retain, contrast: Math.min(forget, retain) }[over];
}

/** What a gradient is accumulated over. */
export interface GradientSets {
  forget: Int32Array;
  retain: Int32Array;
  /** The whole training set. */
  train: Int32Array;
  /** Of the repeat: the sample of the retain set is drawn with it. */
  seed: number;
  /** Exact batches instead. */
  score?: BatchOrder['score'];
}

/**
 * G, the gradient accumulated over batches: of the whole sets the examples once through in their own order, the last partial batch dropped
 * (METHOD section 1.1); for a `contrast` with smaller batches, the last one kept, those of the forget set subtracted (section 1.4).
 * @param gradient sums the gradients of batches
 */
export async function accumulatedGradient(
  over: GradientOver,
  { forget, retain, train, seed, score }: GradientSets,
  gradient: (batches: Int32Array[]) => Promise<ParameterTensors>,
): Promise<ParameterTensors> {
  const size = SCORE_BATCH[over];
  if (over !== 'contrast')
    return gradient(score?.[over] ?? cutIntoBatches(over === 'forget' ? forget : train, size, true));
  if (retain.length === 0 && !score?.retain)
    throw new LetheError(
      'The forget set leaves nothing to retain, which its gradient is to be compared with.',
    );
  const sample = () => sampleOf(retain, forget.length, randomStream(seed, 'score', 'retain'));
  const retained = await gradient(score?.retain ?? cutIntoBatches(sample(), size, false));
  const forgotten = await gradient(score?.forget ?? cutIntoBatches(forget, size, false));
  return Object.fromEntries(
    Object.entries(retained).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, i) => value - forgotten[name]!.data[i]!) },
    ]),
  );
}

/**
 * The mask of a repeat; the same as what the page previews for this seed.
 * @param model ranks millions of scalars on its device, with the bits that the localizer gives on the host.
 * @throws LetheError when a score is not finite or alpha is not a share.
 */
export async function selectMask(
  localizer: Localizer,
  spec: ModelSpec,
  scores: Scores,
  settings: Settings,
  of: { alpha: number; seed: number },
  model?: Pick<LiveModel, 'largest'>,
): Promise<Mask> {
  if (model && localizer.selectsLargest && scores.granularity === 'parameter') {
    const mask = await cutOnDevice(spec, scores, of.alpha, model);
    if (mask) return mask;
  }
  return localizer.select({ spec, scores, alpha: of.alpha, random: maskStreams(of.seed) }, settings);
}

/** The step that a strategy takes gradients by, of the accumulated one or its own. */
export function localizingStep(
  { needs, probedBatch }: Localizer,
  settings: Settings,
): GradientStep | undefined {
  const batches = [needs.gradient && SCORE_BATCH[needs.gradient], probedBatch?.(settings)];
  const batch = Math.max(0, ...batches.map((size = 0) => size));
  return batch > 0 ? { batch, forwards: 1 } : undefined;
}

/**
 * A live model as strategies may question it. `control` is asked for each call of the model.
 * @param about `microBatch`: at most so many images of a gradient are computed at once.
 */
export function probeOf(
  model: LiveModel,
  {
    seed,
    control,
    microBatch,
    ...rest
  }: Pick<Probe, 'forget' | 'labels' | 'progress'> & {
    seed: number;
    control: () => Control;
    microBatch?: number;
  },
): Probe {
  return {
    ...rest,
    load: (weights) => model.load(weights),
    gradient: (batches) => model.gradient(batches, control(), { microBatch }),
    outputs: (indices) => model.outputs('train', indices, control()),
    random: (...path) => randomStream(seed, 'score', ...path),
  };
}
