import type { Dataset, SplitName } from '../data/dataset';
import type { ToLoad } from '../data/sources/source';
import { bytesText } from '../format';
import { parameterBytes, stepBytes } from '../nn/memory';
import { LetheError } from '../settings';
import type { DeviceDescription } from '../study/result';
import { evaluationBatch } from '../train/batches';
import type { Plan } from './plan';
import { monitoredCount } from './samples';
import type { GradientStep, PlanRegistries } from './stage-planning';
import { stagesLeft } from './tuning';
import type { Sizes } from './work';

/** What a study will take; estimates all. */
export interface StudyCost {
  /** Work still to be done, in image passes: one image forward and backward. */
  passes: number;
  /** Device memory at its peak, in bytes. */
  memory: number;
  /** What will be added to the store of artifacts, in bytes. */
  disk: number;
}

/** A study's cost on a device. */
export interface StudyEstimate extends StudyCost {
  device: DeviceDescription;
  /** Of training steps. */
  imagesPerSecond: number;
  seconds: number;
  /** What of the data has to be loaded first, where some is missing. */
  toLoad?: ToLoad;
}

/** The device cannot hold a study. */
export class TooLargeError extends LetheError {
  override name = 'TooLargeError';
  /** The largest micro-batch with which it fits; absent where splitting batches does not help. */
  readonly microBatch: number | undefined;

  constructor(message: string, microBatch?: number) {
    super(message);
    this.microBatch = microBatch;
  }
}

/** What settles, beside the number of its images, what a data set takes on the device. */
export interface DataKind extends Pick<Dataset, 'shape' | 'augment'> {
  /** Splits that are brought there batch by batch. */
  streamed: ReadonlySet<SplitName>;
}

/** The same of a set that is loaded. */
export function kindOf({ shape, augment, ...splits }: Dataset): DataKind {
  const isStreamed = (split: SplitName) => !(splits[split].images instanceof Uint8Array);
  return { shape, augment, streamed: new Set((['train', 'test'] as const).filter(isStreamed)) };
}

export interface CostInputs {
  plan: Plan;
  registries: PlanRegistries;
  data: DataKind;
  /** Keys of stages that are already in the store. */
  cached: ReadonlySet<string>;
}

/** The sizes of a study's sets, and of the samples that its curves are measured on. */
export function sizesOf(sets: Omit<Sizes, 'monitored'>): Sizes {
  return { ...sets, monitored: monitoredCount([sets.forget, sets.retain, sets.test]) };
}

/** Reckons a study up before it starts. Pure: nothing is loaded or computed. */
export function studyCost({ plan, registries, data, cached }: CostInputs): StudyCost {
  const { train, test } = plan.study.data;
  // The rule's own draw needs the labels; for an estimate its share will do.
  const { share } = plan.forgetSettings;
  const forget = Math.round(train * (typeof share === 'number' ? share : USUAL_SHARE));
  const sizes = sizesOf({ forget, retain: train - forget, test });
  const stored = { parameters: plan.spec.size, images: train };
  const left = stagesLeft(plan, (key) => cached.has(key)).map((stage) => ({
    stage,
    kind: registries.stages.get(stage.stage),
  }));
  return {
    passes: left.reduce((sum, { stage, kind }) => sum + kind.work(stage, sizes, registries), 0),
    memory: memoryOf(plan, registries, data, plan.study.microBatch),
    disk: left.reduce((sum, { stage, kind }) => sum + kind.storedBytes(stage, stored), 0),
  };
}

/**
 * Sees whether the device can hold a study, and if not, what would fit.
 * @param holds whether the device has so many bytes
 * @throws TooLargeError naming the largest micro-batch, a power of two, with which it fits.
 */
export async function checkMemory(
  { plan, registries, data }: Pick<CostInputs, 'plan' | 'registries' | 'data'>,
  device: string,
  holds: (bytes: number) => Promise<boolean>,
): Promise<void> {
  const needed = (size?: number) => memoryOf(plan, registries, data, size);
  const fits = (size?: number) => holds(SURELY * needed(size));
  if (await fits(plan.study.microBatch)) return;
  const problem = `This study needs about ${bytesText(needed(plan.study.microBatch))} on the device, more than ${device} can give`;
  const steps = gradientStepsOf(plan, registries);
  const whole = Math.max(largestBatch(steps), evaluationBatch(shownShape(data), false));
  const largest = Math.min(whole, plan.study.microBatch ?? Number.POSITIVE_INFINITY);
  for (let size = 2 ** Math.ceil(Math.log2(largest) - 1); size >= 1; size /= 2)
    if (await fits(size))
      throw new TooLargeError(
        `${problem}; with "microBatch" ${size}, which splits its batches, it needs ${bytesText(needed(size))}.`,
        size,
      );
  throw new TooLargeError(
    `${problem}; split batches do not help: choose fewer or smaller images, or a smaller network.`,
  );
}

/** The estimate may be a third too high: nobody is refused what may fit. */
const SURELY = 0.75;
/** Of the training images, where the forget rule names no share: METHOD section 4. */
const USUAL_SHARE = 0.1;

/** Batches of one step that a streamed set has a place for on the device: one of what is kept, one of what is forgotten. */
const STEP_STREAMS = 2;
/** Of evaluation batches: a full one and the quarter that ends a pass. */
const EVALUATION_PLACES = 1.25;

/** Of the images as the network sees them. */
const shownShape = ({ shape, augment }: Pick<DataKind, 'shape' | 'augment'>): Dataset['shape'] =>
  augment ? [augment.size, augment.size, shape[2]] : shape;

/** Data set, network, and the captured steps of training and evaluation, which share their memory. */
function memoryOf(
  plan: Plan,
  registries: PlanRegistries,
  { shape: stored, augment, streamed }: DataKind,
  microBatch = Number.POSITIVE_INFINITY,
): number {
  const { spec, study } = plan;
  const shape = shownShape({ shape: stored, augment });
  const evaluated = evaluationBatch(shape, false, microBatch);
  const gradientSteps = gradientStepsOf(plan, registries);
  const largest = largestBatch(gradientSteps);
  const imagesOf = (split: SplitName) => {
    if (!streamed.has(split)) return study.data[split];
    const stepped = split === 'train' ? STEP_STREAMS * Math.min(largest, microBatch) : 0;
    return stepped + EVALUATION_PLACES * evaluated;
  };
  const images = (imagesOf('train') + imagesOf('test')) * stored[0] * stored[1] * stored[2];
  const data = images + 4 * (study.data.train + study.data.test);
  // Thousands of runs have a few kinds of steps among them.
  const kinds = new Map(gradientSteps.map((step) => [`${step.batch} ${step.forwards}`, step]));
  const steps = [...kinds.values()].map(
    ({ batch, forwards }) => forwards * stepBytes(spec, shape, Math.min(batch, microBatch), 'train'),
  );
  // The sums of the pieces' gradients.
  const sums = microBatch < largest ? 4 * spec.size : 0;
  const evaluation = stepBytes(spec, shape, evaluated, 'evaluate');
  return data + parameterBytes(spec) + sums + Math.max(evaluation, ...steps);
}

/** The steps of all stages that take gradients. */
function gradientStepsOf({ stages }: Plan, registries: PlanRegistries): GradientStep[] {
  return stages.flatMap(
    (stage) => registries.stages.get(stage.stage).gradientStep?.(stage, registries) ?? [],
  );
}

const largestBatch = (steps: GradientStep[]): number => Math.max(0, ...steps.map(({ batch }) => batch));
