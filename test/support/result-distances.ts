import { unpackAnswers } from '../../src/lab/study/answers';
import type { ModelAnswers, StudyResult } from '../../src/lab/study/result';

const floats = (base64: string) => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
};

/** Largest difference of two lists in base64, relative to the largest value. */
export function scoreDistance(a: string, b: string): number {
  const [left, right] = [floats(a), floats(b)];
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  const worst = left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0);
  return worst / left.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** How far two models' answers on the same images are apart. */
export interface AnswerDistance {
  /** Images for which they name different classes. */
  otherClass: number;
  /** Largest difference of the probability of an image's label, 0 to 1. */
  confidence: number;
}

export function answerDistance(a: ModelAnswers, b: ModelAnswers): AnswerDistance {
  const distance = { otherClass: 0, confidence: 0 };
  for (const set of ['retain', 'forget', 'test'] as const) {
    const [left, right] = [a, b].map((answers) => {
      const bytes = Uint8Array.from(Buffer.from(answers[set], 'base64'));
      return unpackAnswers(bytes, bytes.length / 2);
    });
    left!.predicted.forEach((label, i) => {
      if (label !== right!.predicted[i]) distance.otherClass++;
    });
    left!.confidence.forEach((value, i) => {
      distance.confidence = Math.max(distance.confidence, Math.abs(value - right!.confidence[i]!));
    });
  }
  return distance;
}

/** Training losses by epoch; the first point is before any training, which has none. */
export const lossesOf = ({ series }: { series: StudyResult['original']['series'] }): number[] =>
  series.points.flatMap(({ loss }) => loss ?? []);

/** Largest relative difference of two lists of numbers. */
export const lossDistance = (a: number[], b: number[]): number =>
  a.length === b.length && a.length > 0
    ? Math.max(...a.map((value, i) => Math.abs(value - b[i]!) / Math.abs(value)))
    : Number.POSITIVE_INFINITY;
