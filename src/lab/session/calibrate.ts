import type { Dataset } from '../data/dataset';
import type { DatasetSource } from '../data/sources/source';
import type { Calibration } from '../lab-api';
import { type StudyEstimate, TooLargeError } from '../plan/cost';
import { hashOf } from '../plan/hash';
import type { Plan } from '../plan/plan';
import { randomStream } from '../rng';
import { decodeArtifact, encodeArtifact } from '../stages/common/artifact';
import { freshWeights } from '../stages/common/fresh-weights';
import { classify } from '../stages/common/training';
import type { ArtifactStore } from '../store/store';
import type { DeviceDescription } from '../study/result';
import type { Control, LiveModel } from '../train/engine';

/** A measured step shorter than this says little about longer ones. */
const LONG_ENOUGH_MS = 500;
/** Batches grow by this factor until a step is long enough, so that a slow device is not kept busy for minutes. */
const GROWTH = 4;
const SMALLEST = 8;
/** Compile pipelines and fill the queue, which is a few steps long; not counted. */
const WARM_UP = 5;
const MEASURED = 4;

/** What the page is told of an estimate: a study that is too large is an answer, not an error. */
export async function calibrationOf(
  about: Pick<Calibration, 'device' | 'cached'>,
  estimate: Promise<StudyEstimate>,
): Promise<Calibration> {
  try {
    const { imagesPerSecond, toLoad } = await estimate;
    return { ...about, imagesPerSecond, ...(toLoad && { toLoad }) };
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    const { message, microBatch } = error;
    return { ...about, tooLarge: { message, microBatch } };
  }
}

/** What settles a rate, and where it is kept. */
interface RateInputs {
  plan: Plan;
  device: DeviceDescription;
  /** height, width, channels. */
  shape: readonly [number, number, number];
  store: ArtifactStore;
}

/**
 * Images a second of a study's training steps: measured once for each network, batch and device, then kept in the store.
 * @param now a clock in milliseconds
 * @param open gives the network on the device, with so many images to train on
 */
export async function keptRate(
  { control, now, ...inputs }: RateInputs & { control: Control; now: () => number },
  open: (images: number) => Promise<LiveModel>,
): Promise<number> {
  const { store, plan } = inputs;
  const { key, batch } = keptAs(inputs);
  const known = await store.get(key);
  if (known) return decodeArtifact(known).note as number;
  const model = await open(batch);
  await model.load(freshWeights(plan.spec, 0, 'original'));
  const rate = await trainingRate(model, batch, control, now);
  await store.put(key, encodeArtifact({}, rate));
  return rate;
}

/**
 * Keeps the pace of a study where it is above the rate that was measured before: then something else had kept the machine busy. A lower
 * one says nothing, as a study also loads, compiles and writes.
 * @param pace image passes a second; absent where too little was done
 */
export async function raiseKeptRate(inputs: RateInputs, pace = 0): Promise<void> {
  const { key } = keptAs(inputs);
  const known = await inputs.store.get(key);
  if (!known || pace <= (decodeArtifact(known).note as number)) return;
  // Only an estimate is the worse for a full disk here, so the study's own end stands.
  await inputs.store.put(key, encodeArtifact({}, pace)).catch(() => undefined);
}

function keptAs({ plan, device, shape }: RateInputs): { key: string; batch: number } {
  const { data, pretrain, precision, microBatch = Number.POSITIVE_INFINITY } = plan.study;
  const batch = Math.min(pretrain.batch, microBatch, data.train);
  return { batch, key: hashOf({ calibration: device, config: plan.spec.config, shape, batch, precision }) };
}

/** Noise in the form of a data set: what a step takes does not depend on what is seen, and nothing is downloaded for an estimate. */
export function calibrationData(source: DatasetSource, count: number): Dataset {
  const { id, classes, shape, normalise, augment } = source;
  const noise = randomStream(0, 'calibration');
  const images = new Uint8Array(count * shape[0] * shape[1] * shape[2]);
  for (let i = 0; i < images.length; i++) images[i] = noise.below(256);
  const split = { images, labels: new Int32Array(count), count };
  return { id, classes, shape, normalise, augment, train: split, test: split };
}

/**
 * Images a second of training steps with batches of `largest` images, measured on a few steps: on fast devices of the whole batch, on
 * slow ones of a smaller batch, whose images take about as long. The network's parameters stay as they are.
 * @param largest images of such a batch
 * @param now a clock in milliseconds
 */
async function trainingRate(
  model: LiveModel,
  largest: number,
  control: Control,
  now: () => number,
): Promise<number> {
  for (let size = Math.min(SMALLEST, largest); ; size = Math.min(largest, size * GROWTH)) {
    const perStep = await stepMilliseconds(model, size, control, now);
    if (size === largest || perStep >= LONG_ENOUGH_MS) return (1000 * size) / perStep;
  }
}

async function stepMilliseconds(
  model: LiveModel,
  size: number,
  control: Control,
  now: () => number,
): Promise<number> {
  const indices = Int32Array.from({ length: size }, (_, index) => index);
  // From tick to tick, each of which comes when the device has done a step, if an earlier one. At the training's end it has also done
  // those that stood in its queue before.
  const ticks: number[] = [];
  await model.train(
    {
      objective: classify,
      recipe: { epochs: 1, lr: 0, batch: size, momentum: 0, weightDecay: 0, floor: 1 },
      steps: () => Array.from({ length: WARM_UP + MEASURED }, () => ({ retain: indices })),
    },
    {
      async tick(progress) {
        await control.tick(progress);
        ticks.push(now());
      },
    },
  );
  // A fake or coarse clock may stand still.
  return Math.max(1e-3, (ticks.at(-1)! - ticks.at(-1 - MEASURED)!) / MEASURED);
}
