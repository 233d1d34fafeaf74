import { type Roc, rocOf } from '../../../lab/compare/roc';
import type { Answered } from '../../../lab/study/result';
import { answersOn, type ComparedModel } from '../../state/compared-models';

/** Images an attacker has to tell apart. */
export type Source = 'members' | 'neverSeen' | 'forget';

/** Confidence in the label of each image: retained ones, test images, and those to forget. */
export type Confidences = Record<Source, Float64Array>;

/** undefined where the model does not tell its answers on all three sets. */
export function confidencesOf({ outcome }: ComparedModel, answered: Answered): Confidences | undefined {
  const [members, neverSeen, forget] = (['retain', 'test', 'forget'] as const).map((set) => {
    const answers = answersOn(outcome, set, answered[set].length);
    return answers && Float64Array.from(answers.confidence);
  });
  return members && neverSeen && forget && { members, neverSeen, forget };
}

const BINS = 20;

/** Percent of the images in each of 20 equal bins of confidence; bin i holds those from i/20 on, the last also 1. */
export function histogramOf(values: Float64Array, bins = BINS): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.min(bins - 1, Math.floor(value * bins))]!++;
  return counts.map((own) => (values.length === 0 ? 0 : (100 * own) / values.length));
}

/** What a threshold makes of the images. */
export interface Confusion {
  /** Images at or above the threshold, which it takes for members, and how many there are. */
  taken: Record<Source, number>;
  of: Record<Source, number>;
  /** Mean of the shares of members and of never seen images that it gets right, in percent. */
  accuracy: number;
}

export function confusionAt(confidences: Confidences, threshold: number): Confusion {
  const takenOf = (values: Float64Array) =>
    values.reduce((sum, value) => sum + Number(value >= threshold), 0);
  const { members, neverSeen, forget } = confidences;
  const taken = { members: takenOf(members), neverSeen: takenOf(neverSeen), forget: takenOf(forget) };
  const of = { members: members.length, neverSeen: neverSeen.length, forget: forget.length };
  const right = taken.members / of.members + (1 - taken.neverSeen / of.neverSeen);
  return { taken, of, accuracy: 50 * right };
}

export interface Curve extends Roc {
  source: 'members' | 'forget';
  /** Percent of the never seen images, and of the source's, that the threshold takes for members. */
  at: { x: number; y: number };
}

/** Members, and images to forget, against images that were never seen, as the threshold falls from 1 to 0. */
export function rocCurves(confidences: Confidences, { taken, of }: Confusion): Curve[] {
  return (['members', 'forget'] as const)
    .filter((source) => of[source] > 0 && of.neverSeen > 0)
    .map((source) => ({
      ...rocOf(confidences[source], confidences.neverSeen),
      source,
      at: { x: (100 * taken.neverSeen) / of.neverSeen, y: (100 * taken[source]) / of[source] },
    }));
}
