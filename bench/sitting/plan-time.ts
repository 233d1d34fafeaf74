/**
 * Seconds that the first of the steps to come may take. Time is dealt out by shares, but no step gets less than it needs to say anything:
 * so what comes early is sure of its time, what ends early leaves its time to all others, and what no longer fits is left out.
 * @param steps those that are still to come, in their order
 * @param left seconds of the sitting that are left
 * @returns undefined when the step does not fit
 */
export function limitOf(
  steps: readonly { share: number; least: number }[],
  left: number,
): number | undefined {
  const [step] = steps;
  if (!step || left < step.least) return undefined;
  const shares = steps.reduce((sum, { share }) => sum + share, 0);
  return Math.max(step.least, (left * step.share) / shares);
}

/** The size of a study that trains a network, its oracle and three runs. */
export interface StudySize {
  /** Training images. */
  train: number;
  epochs: number;
  /** Of each run. */
  unlearnEpochs: number;
}

const EPOCHS = 10;
const UNLEARN_EPOCHS = 6;
const RUNS = 3;
/** The oracle and the runs train without the forget set. */
const RETAINED = 0.9;
/** Scores, curves and evaluations, against training. */
const OVERHEAD = 1.4;
/** Compiling and loading, and what a rate that was measured on a smaller scale may be wrong by. */
const USABLE = 0.6;
const BATCH = 128;
const FEWEST_BATCHES = 4;
const MOST_EPOCHS = 30;

/**
 * As many images as are trained on in the time, in whole batches of 128; and once all are, more epochs.
 * @param rate images a second, trained on
 * @param available images of the data set
 * @returns undefined when not even 512 fit
 */
export function sizeFor(seconds: number, rate: number, available: number): StudySize | undefined {
  const passes = OVERHEAD * (EPOCHS + RETAINED * (EPOCHS + RUNS * UNLEARN_EPOCHS));
  const images = (USABLE * seconds * rate) / passes;
  const train = Math.min(BATCH * Math.floor(images / BATCH), available);
  if (train < BATCH * FEWEST_BATCHES) return undefined;
  const more = Math.min(MOST_EPOCHS / EPOCHS, Math.max(1, images / available));
  return { train, epochs: Math.floor(EPOCHS * more), unlearnEpochs: Math.floor(UNLEARN_EPOCHS * more) };
}
