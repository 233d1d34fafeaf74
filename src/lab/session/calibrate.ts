import type { Control, LiveModel } from '../train/engine';
import { classify } from './training';

/** A measured step shorter than this says little about longer ones. */
const LONG_ENOUGH_MS = 500;
/** Batches grow by this factor until a step is long enough, so that a slow device is not kept busy for minutes. */
const GROWTH = 4;
const SMALLEST = 8;
/** Compile pipelines and fill the queue; not counted. */
const WARM_UP = 4;
const MEASURED = 4;

/**
 * Images a second of training steps with batches of this size, measured on a few steps: on fast devices of the whole batch, on
 * slow ones of a smaller batch, whose images take about as long. The network's parameters stay as they are.
 * @param now a clock in milliseconds
 */
export async function trainingRate(
  model: LiveModel,
  { batch, images }: { batch: number; images: number },
  control: Control,
  now: () => number,
): Promise<number> {
  const largest = Math.min(batch, images);
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
  let from = now();
  let done = 0;
  await model.train(
    {
      objective: classify,
      recipe: { epochs: 1, lr: 0, batch: size, momentum: 0, weightDecay: 0, floor: 1 },
      steps: () => Array.from({ length: WARM_UP + MEASURED }, () => ({ retain: indices })),
    },
    {
      async tick(progress) {
        await control.tick(progress);
        if (++done === WARM_UP) from = now();
      },
    },
  );
  // A fake or coarse clock may stand still.
  return Math.max(1e-3, (now() - from) / MEASURED);
}
