import { randomStream } from '../rng';
import { LetheError } from '../settings';

/** The models behind an estimate of memorization: each is trained on a random share of the training set. */
export interface SubsetModels {
  models: number;
  /** Of the training set, 0 to 1. */
  share: number;
  /** Of each training; 0 takes those of the original. */
  epochs: number;
}

/** What one subset model was trained on and what it classifies right, one byte (0 or 1) per training example. */
export interface SubsetOutcome {
  members: Uint8Array;
  correct: Uint8Array;
}

/** How much every training example was memorized, by index. */
export interface Memorization {
  /** −1 to 1; 0 where nothing is known. */
  scores: Float32Array;
  /** Standard error of each score; infinite where an example was never in or never out, so that nothing is known of it. */
  errors: Float32Array;
}

/** Scores with what they were measured by. */
export interface MemorizationStudy extends Memorization, Pick<SubsetModels, 'models' | 'share'> {}

/**
 * Which examples a subset model is trained on: `[count]`, 1 for round(share · count) of them, at least one in and one out.
 *
 * A score needs models with the example and models without it, and independent draws of few models would miss some examples. Therefore
 * models come in rounds: the examples lie shuffled on a circle, and the models of a round leave out arcs that are spread evenly over
 * it, so that a whole round has every example in and out at least once. A model's draw does not depend on how many models there are,
 * so asking for more keeps those that are trained.
 * @throws LetheError when there are fewer than two examples.
 */
export function subsetMembers(count: number, share: number, seed: number, model: number): Uint8Array {
  if (count < 2) throw new LetheError('Memorization can only be measured on two training examples or more.');
  const leftOut = Math.min(count - 1, Math.max(1, Math.round((1 - share) * count)));
  const perRound = Math.ceil(count / Math.min(leftOut, count - leftOut));
  const circle = Int32Array.from({ length: count }, (_, index) => index);
  randomStream(seed, 'subset', Math.floor(model / perRound)).shuffle(circle);
  const start = Math.floor(((model % perRound) * count) / perRound);
  const members = new Uint8Array(count).fill(1);
  for (let i = 0; i < leftOut; i++) members[circle[(start + i) % count]!] = 0;
  return members;
}

/**
 * mem(i) = P(correct on i | i in train) − P(correct on i | i not in train), Feldman & Zhang 2020, equation 1; METHOD section 4.
 *
 * The standard error is that of a difference of two binomial shares with one right and one wrong answer added to each
 * group (Agresti & Caffo 2000): the plain one is 0 for "right in both of two models", which is no certainty.
 * @param outcomes of one or more models over the same examples.
 */
export function estimateMemorization(outcomes: readonly SubsetOutcome[]): Memorization {
  const count = outcomes[0]!.members.length;
  const scores = new Float32Array(count);
  const errors = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < count; i++) {
    const [without, within] = [group(outcomes, i, 0), group(outcomes, i, 1)];
    if (without.models === 0 || within.models === 0) continue;
    scores[i] = within.right / within.models - without.right / without.models;
    errors[i] = Math.sqrt(variance(within) + variance(without));
  }
  return { scores, errors };
}

/** How many models have example `i` in (1) or out (0), and how many of these are right on it. */
function group(outcomes: readonly SubsetOutcome[], i: number, member: 0 | 1) {
  const chosen = outcomes.filter(({ members }) => members[i] === member);
  return { models: chosen.length, right: chosen.filter(({ correct }) => correct[i] === 1).length };
}

function variance({ models, right }: { models: number; right: number }): number {
  const p = (right + 1) / (models + 2);
  return (p * (1 - p)) / (models + 2);
}
