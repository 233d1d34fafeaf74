/**
 * FIXTURE: invented comparisons with the oracle for an answered study: where images lie, what every class gets, and which images are nearest. Not all
 * told images are in them. In the plane classes stand on a circle, and run r has moved its images to forget by r + 1 units to the right of the oracle's
 * places.
 */

import { packLevels, packShares } from '../../src/lab/compare/compact';
import { bySet, COMPARED_SETS, type ComparedSet } from '../../src/lab/compare/comparison';
import { packNumbers } from '../../src/lab/compare/neighbours';
import { fashionMnistMini } from '../../src/lab/data/sources/fashion-mnist-mini';
import { randomStream } from '../../src/lab/rng';
import type { ComparisonRecord, StudyResult } from '../../src/lab/study/result';
import { readPublic } from './read-public';

const CLASSES = 10;
/** Of each set the first so many told images are in the comparisons. */
export const PICTURED = 120;

/** The study with records of the embedding, the predictions and the nearest images. */
export async function withPictures(result: StudyResult): Promise<StudyResult> {
  const { train, test } = await fashionMnistMini.load(result.study.data, readPublic);
  const answered = result.detail.answered!;
  const indices = bySet({ forget: 'forget', retain: 'retain', test: 'test' } as const, (set) =>
    answered[set].slice(0, PICTURED),
  );
  const labelOf = (set: ComparedSet, index: number) => (set === 'test' ? test : train).labels[index]!;
  const { seed } = result.oracle;
  const names = ['oracle', 'original', ...result.runs.map(({ id }) => id)];

  const pointsOf = (position: number) => (set: ComparedSet) => {
    const random = randomStream(1, 'points', set);
    return packLevels(
      indices[set].flatMap((index) => {
        const angle = (2 * Math.PI * labelOf(set, index)) / CLASSES;
        const moved = set === 'forget' ? Math.max(0, position - 1) : 0.1 * position;
        return [5 * Math.cos(angle) + random.normal() + moved, 4 * Math.sin(angle) + random.normal()];
      }),
    );
  };
  const probabilitiesOf = (position: number) => (set: ComparedSet) =>
    packShares(
      indices[set].flatMap((index) =>
        Array.from({ length: CLASSES }, (_, label) =>
          label === labelOf(set, index) ? 0.8 - 0.1 * position : (0.2 + 0.1 * position) / (CLASSES - 1),
        ),
      ),
    );
  const meansOf = (position: number) => () =>
    Array.from({ length: CLASSES }, (_, label) =>
      Array.from({ length: CLASSES }, (_, says) => (says === label ? 0.7 - 0.1 * position : 0.03)),
    );
  // Of the images the next retained ones, and for forget images one of their own.
  const nearestOf = (position: number) => (set: ComparedSet) =>
    packNumbers(
      Int32Array.from(
        indices[set].flatMap((_, i) => [
          set === 'forget'
            ? indices.forget[(i + 1) % PICTURED]!
            : answered.retain[(i + 1) % answered.retain.length]!,
          answered.retain[(i + 2 + position) % answered.retain.length]!,
          answered.retain[(i + 3 + position) % answered.retain.length]!,
        ]),
      ),
    );
  const ofSets = <T>(of: (set: ComparedSet) => T) =>
    Object.fromEntries(COMPARED_SETS.map((set) => [set, of(set)]));
  const pool = { forget: answered.forget.length, retain: answered.retain.length };

  const records = names.flatMap((model, position): ComparisonRecord[] => {
    const own = model === 'oracle' ? { indices } : {};
    const record = (comparison: string, found: unknown): ComparisonRecord => ({
      comparison,
      seed,
      model,
      settings: {},
      found,
    });
    return [
      record('embedding', {
        ...own,
        ...(model === 'oracle' && { shares: [0.41, 0.22] }),
        points: ofSets(pointsOf(position)),
      }),
      record('predictions', {
        ...own,
        classes: CLASSES,
        means: ofSets(meansOf(position)),
        probabilities: ofSets(probabilitiesOf(position)),
      }),
      record('neighbours', {
        ...own,
        ...(model === 'oracle' && { pool }),
        count: 3,
        nearest: ofSets(nearestOf(position)),
      }),
    ];
  });
  return {
    ...result,
    detail: { ...result.detail, comparisons: [...(result.detail.comparisons ?? []), ...records] },
  };
}
