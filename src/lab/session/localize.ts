import { maskStreams } from '../localize';
import type { Localizer, Probe, Scores } from '../localize/localizer';
import type { ModelSpec } from '../nn/spec';
import { randomStream } from '../rng';
import type { Settings } from '../settings';
import type { Mask } from '../tensors';
import { cut } from '../train/batches';
import type { Control, LiveModel } from '../train/engine';

/** Images per batch of the accumulated gradient (METHOD section 1.1). */
const SCORE_BATCH = 128;

/** The batches of G: the examples once through in their own order, the last partial batch dropped. */
export function gradientBatches(examples: Int32Array): Int32Array[] {
  return cut(examples, SCORE_BATCH, true);
}

/** The mask of a repeat; the same as what the page previews for this seed. */
export function selectMask(
  localizer: Localizer,
  spec: ModelSpec,
  scores: Scores,
  settings: Settings,
  of: { alpha: number; seed: number },
): Mask {
  return localizer.select({ spec, scores, alpha: of.alpha, random: maskStreams(of.seed) }, settings);
}

/** A live model as strategies may question it. `control` is asked for each call of the model. */
export function probeOf(
  model: LiveModel,
  {
    seed,
    control,
    ...rest
  }: Pick<Probe, 'forget' | 'labels' | 'progress'> & { seed: number; control: () => Control },
): Probe {
  return {
    ...rest,
    load: (weights) => model.load(weights),
    gradient: (batches) => model.gradient(batches, control()),
    outputs: (indices) => model.outputs('train', indices, control()),
    random: (...path) => randomStream(seed, 'score', ...path),
  };
}
