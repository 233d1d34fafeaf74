import { unpackLevels } from '../../../lab/compare/compact';
import { bySet, COMPARED_SETS, type ComparedSet } from '../../../lab/compare/comparison';
import type { Embedding, KeptEmbedding } from '../../../lab/compare/embedding';
import { mean } from '../../../lab/evaluate/accuracy';
import type { PointedImage } from '../../state/models-slice';
import type { ComparedImage } from '../compared/compared-images';
import type { Comparison } from '../compared/comparison';
import type { KeptReadings } from '../compared/kept';

/** Where the images of each set lie for A and for B, `[n, 2]`, in one plane. An outcome of the comparison is one. */
export type EmbeddedSets = Pick<Embedding, 'map' | 'shares'> & {
  sets: Record<ComparedSet, { indices: ArrayLike<number>; a: Float64Array; b: Float64Array }>;
};

export interface EmbeddedPoint extends PointedImage {
  a: readonly [number, number];
  b: readonly [number, number];
  /** What the models say of it; absent as long as pictures and labels are. */
  image?: ComparedImage;
}

/**
 * Both models' places, as they are kept; undefined where they do not fit the images.
 * @param reference has the images and the shares of the axes
 */
export function placedSets(
  map: Embedding['map'],
  reference: KeptEmbedding,
  a: KeptEmbedding,
  b: KeptEmbedding,
): EmbeddedSets | undefined {
  const { indices, shares: [first, second] = [] } = reference;
  if (!indices) return undefined;
  const sets = bySet({ forget: 'forget', retain: 'retain', test: 'test' } as const, (set) => ({
    indices: indices[set],
    a: unpackLevels(a.points[set]),
    b: unpackLevels(b.points[set]),
  }));
  const fits = COMPARED_SETS.every((set) =>
    [sets[set].a, sets[set].b].every((places) => places.length === 2 * sets[set].indices.length),
  );
  if (!fits) return undefined;
  return { map, ...(first !== undefined && second !== undefined && { shares: [first, second] }), sets };
}

/** What results keep of two models in the oracle's plane, or why there is nothing to be drawn, in a sentence. */
export function keptSets(
  readings: KeptReadings<KeptEmbedding>,
  { a, b, oracle }: Pick<Comparison, 'a' | 'b' | 'oracle'>,
): EmbeddedSets | { absence: string } {
  const [ofA, ofB] = [readings.of(a), readings.of(b)];
  if (!readings.oracle?.indices) return { absence: readings.absence(oracle ?? a) };
  if (!ofA || !ofB) return { absence: readings.absence(ofA ? b : a) };
  const fits = (model: KeptEmbedding) => placedSets('pca', readings.oracle!, model, model) !== undefined;
  return placedSets('pca', readings.oracle, ofA, ofB) ?? { absence: readings.absence(fits(ofA) ? b : a) };
}

/** The images of all sets; those to forget last, since what is drawn last lies on top. */
export const DRAWN_ORDER: readonly ComparedSet[] = ['test', 'retain', 'forget'];

/** @param imageOf what is said of an image, where that is known */
export function embeddedPoints(
  { sets }: EmbeddedSets,
  imageOf: (set: ComparedSet, index: number) => ComparedImage | undefined,
): EmbeddedPoint[] {
  return DRAWN_ORDER.flatMap((set) => {
    const { indices, a, b } = sets[set];
    return Array.from(indices, (index, i) => ({
      set,
      index,
      a: [a[2 * i]!, a[2 * i + 1]!] as const,
      b: [b[2 * i]!, b[2 * i + 1]!] as const,
      image: imageOf(set, index),
    }));
  });
}

/** How far an image lies from itself, between A and B. */
export const movedBy = ({ a, b }: Pick<EmbeddedPoint, 'a' | 'b'>): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1]);

/** How many times as far the forget images move between A and B as the retained ones, on average; undefined where one does not move. */
export function forgetAgainstRetain(points: readonly EmbeddedPoint[]): number | undefined {
  const [forget, retain] = (['forget', 'retain'] as const).map((set) => {
    const moves = points.filter((point) => point.set === set).map(movedBy);
    return moves.length > 0 ? mean(Float64Array.from(moves)) : 0;
  }) as [number, number];
  return forget > 0 && retain > 0 ? forget / retain : undefined;
}

/** Between A at 0 and B at 1. */
export const between = ({ a, b }: Pick<EmbeddedPoint, 'a' | 'b'>, t: number): [number, number] => [
  a[0] + t * (b[0] - a[0]),
  a[1] + t * (b[1] - a[1]),
];

/** Whether two name the same image. */
export const isSame = (one: PointedImage | undefined, other: PointedImage | undefined): boolean =>
  one?.set === other?.set && one?.index === other?.index;
