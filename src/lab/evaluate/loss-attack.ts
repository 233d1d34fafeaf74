import { type RandomStream, randomStream } from '../rng';
import { features } from './features';
import { fitLogistic } from './logistic';
import type { Metric } from './metric';

const SPLITS = 10;
const HELD_OUT = 0.1;

/** Training and test positions of one split. */
export interface Split {
  train: number[];
  test: number[];
}

/** Mean accuracy over the splits of a logistic regression that tells targets 1 from 0 by one number, 0 to 1. */
export function splitAccuracy(x: Float64Array, targets: Uint8Array, splits: Split[]): number {
  const accuracies = splits.map(({ train, test }) => {
    const { w, b } = fitLogistic(
      Float64Array.from(train, (i) => x[i]!),
      Uint8Array.from(train, (i) => targets[i]!),
    );
    return test.filter((i) => (w * x[i]! + b > 0 ? 1 : 0) === targets[i]).length / test.length;
  });
  return accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
}

export const lossAttack: Metric = {
  id: 'lossAttack',
  label: 'Loss attack',
  explanation:
    'How well a threshold on the loss tells forget examples from never-seen ones; 50 % means that it cannot.',
  formula: 'held-out accuracy of σ(w·ℓ + b), S against T, mean of 10 splits',
  reference: 'NeurIPS 2023 machine unlearning challenge starting kit; METHOD section 5',
  settings: [],
  suffix: '%',
  delta: true,
  sets: ['forget', 'test'],
  compute({ forget, test }) {
    // The random stream is the same for every model, so that a difference between two models is not one between draws.
    const random = randomStream(0, 'loss-attack');
    const size = Math.min(forget.labels.length, test.labels.length);
    const some = (losses: Float64Array) => random.shuffle([...losses]).slice(0, size);
    const x = Float64Array.from([...some(features(test).loss), ...some(features(forget).loss)]);
    const targets = Uint8Array.from(x, (_, i) => (i < size ? 0 : 1));
    return 100 * splitAccuracy(x, targets, stratifiedSplits(size, random));
  },
};

/** Ten random splits of `size` zeros followed by `size` ones, a tenth of each held out. */
function stratifiedSplits(size: number, random: RandomStream): Split[] {
  const heldOut = Math.max(1, Math.round(HELD_OUT * size));
  return Array.from({ length: SPLITS }, () => {
    const halves = [0, size].map((from) => random.shuffle(Array.from({ length: size }, (_, i) => from + i)));
    return {
      test: halves.flatMap((half) => half.slice(0, heldOut)),
      train: halves.flatMap((half) => half.slice(heldOut)),
    };
  });
}
