import { maskStreams } from '../../localize';
import { cutOnDevice } from '../../localize/cut/device-mask';
import type { Localizer, Probe } from '../../localize/localizer';
import type { Scores } from '../../localize/scores';
import type { ModelSpec } from '../../nn/spec';
import { randomStream } from '../../rng';
import type { Settings } from '../../settings';
import type { Mask } from '../../tensors';
import { cutIntoBatches } from '../../train/batches';
import type { Control, LiveModel } from '../../train/engine';

/** Images per batch of the accumulated gradient (METHOD section 1.1). */
export const SCORE_BATCH = 128;

/** The batches of G: the examples once through in their own order, the last partial batch dropped. */
export function gradientBatches(examples: Int32Array): Int32Array[] {
  return cutIntoBatches(examples, SCORE_BATCH, true);
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
