import { memoryOfAddress } from '../../lab/data/read-stored';
import { bytesText } from '../../lab/format';
import type { Calibration } from '../../lab/lab-api';
import type { StudyCost } from '../../lab/plan/cost';
import { type Price, type PriceRequest, priceStudy } from '../../lab/plan/price';
import type { PlanRegistries } from '../../lab/plan/stage-planning';
import { presets } from '../../lab/study/presets';
import { recordings } from '../../lab/study/presets/recorded';
import type { Study } from '../../lab/study/study';
import type { Calibrated } from './cost-slice';
import type { View } from './view';

/** What the edited study will take here, as far as it is known. */
export interface CostView extends StudyCost {
  device?: string;
  imagesPerSecond?: number;
  seconds?: number;
  /** Where no step was measured here: what it would take where a study with equal steps was recorded. */
  elsewhere?: { seconds: number; device: string };
  /** What is stored already is known; otherwise all stages are counted. */
  counted: boolean;
  tooLarge?: Calibration['tooLarge'];
  /** What of the data has to be downloaded first. */
  toLoad?: Calibration['toLoad'];
}

/**
 * A warning that the browser may have too little space for a study; undefined where there is enough, or nobody knows. Only a warning,
 * since browsers give a careful guess.
 * @param free bytes that the browser says it may still store
 */
export function spaceProblem(
  { disk, toLoad }: Pick<CostView, 'disk' | 'toLoad'>,
  free = Number.POSITIVE_INFINITY,
): string | undefined {
  const stored = disk + (toLoad?.kept ?? 0);
  if (stored <= free) return undefined;
  return `This study will store about ${bytesText(stored)}, and the browser vouches for only ${bytesText(Math.max(0, free))} more: free space on the disk, delete this site’s data in the browser’s settings (earlier studies too), or choose fewer runs.`;
}

/** Equal for studies whose training steps take equally long. */
function rateKey({ model, data, pretrain, microBatch }: Study): string {
  return JSON.stringify([model, data.source, data.train, pretrain.batch, microBatch]);
}

/** The rate of a recorded study whose training steps take equally long. */
function recordedRate(study: Study) {
  const alike = presets.find(({ id, study: other }) => id in recordings && rateKey(other) === rateKey(study));
  return alike && recordings[alike.id];
}

/** Keys of the stages that a study shown here has done: whatever was computed is stored. */
function doneStages(view: View | undefined): string[] {
  if (view?.origin !== 'live') return [];
  return view.stages.filter(({ state }) => state === 'done').map(({ ref }) => ref.key);
}

/** The price that the page asks for. @param query of the address @throws LetheError where that names a memory that is no number */
export function priceRequest(
  study: Study,
  calibrated: Calibrated | undefined,
  query = '',
  view?: View,
): PriceRequest {
  const own = calibrated?.study === study ? calibrated.calibration : undefined;
  return {
    study,
    // What was chosen before is not chosen again, and the winners are known.
    ...(view?.tuned && { chosen: { study: view.study, tuned: view.tuned } }),
    cached: [...(own?.cached ?? []), ...doneStages(view)],
    memory: memoryOfAddress(query),
  };
}

/** A price with the time from the last calibration, where that fits. */
export function pricedView(study: Study, calibrated: Calibrated | undefined, price: Price): CostView {
  const own = calibrated?.study === study ? calibrated.calibration : undefined;
  const alike =
    calibrated && rateKey(calibrated.study) === rateKey(study) ? calibrated.calibration : undefined;
  const { allCached, ...cost } = price;
  const imagesPerSecond = alike?.imagesPerSecond;
  const recorded = imagesPerSecond === undefined ? recordedRate(study) : undefined;
  return {
    ...cost,
    device: alike?.device.label,
    imagesPerSecond,
    seconds: imagesPerSecond && cost.passes / imagesPerSecond,
    ...(recorded && {
      elsewhere: { seconds: cost.passes / recorded.imagesPerSecond, device: recorded.device },
    }),
    counted: own !== undefined || allCached,
    tooLarge: own?.tooLarge,
    toLoad: own?.toLoad,
  };
}

/**
 * Estimates a study: passes and memory at once, the time from the last calibration, where that fits. Pure.
 * @param query of the page's address, which may say how many images are held in memory
 * @param view what is shown: what it has done here is not to be done again
 * @returns undefined for a study that cannot be planned; why is said where it is run.
 */
export function costView(
  study: Study,
  calibrated: Calibrated | undefined,
  registries: PlanRegistries,
  query = '',
  view?: View,
): CostView | undefined {
  const price = priceStudy(priceRequest(study, calibrated, query, view), registries);
  return price && pricedView(study, calibrated, price);
}
