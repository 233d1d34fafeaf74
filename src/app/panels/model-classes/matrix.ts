import type { KeptPredictions } from '../../../lab/compare/predictions';
import { fixed } from '../../../lab/format';
import type { ImageSetName } from '../../state/compared-models';
import { count } from '../../ui/format';
import type { ComparedImage } from '../compared/compared-images';
import type { Comparison } from '../compared/comparison';
import type { KeptReadings } from '../compared/kept';

/** Images by their label (rows) and by what a model says of them (columns). */
export interface Matrix {
  counts: number[][];
  /** Images of each label. */
  totals: number[];
}

/** @param classes how many */
export function matrixOf(images: readonly ComparedImage[], which: 'a' | 'b', classes: number): Matrix {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const totals = new Array<number>(classes).fill(0);
  for (const image of images) {
    const row = counts[image.label];
    const { says } = image[which];
    if (!row || row[says] === undefined) continue;
    row[says]++;
    totals[image.label]!++;
  }
  return { counts, totals };
}

/** Share of the images of a label that the model takes for a class, 0 to 1; undefined where there are none. */
export function shareOf({ counts, totals }: Matrix, label: number, says: number): number | undefined {
  const total = totals[label]!;
  return total === 0 ? undefined : counts[label]![says]! / total;
}

/** More fields than those of so many classes cannot be told apart. */
const MOST = 20;

/** Classes that are drawn: all, or those with most images on which the two models differ; ascending. Rows are those that have images. */
export function drawnClasses(
  images: readonly ComparedImage[],
  classes: number,
  most = MOST,
): { rows: number[]; columns: number[] } {
  const differing = new Array<number>(classes).fill(0);
  for (const { label, a, b } of images) if (a.says !== b.says && label < classes) differing[label]!++;
  const columns = Array.from({ length: classes }, (_, i) => i)
    .sort((x, y) => differing[y]! - differing[x]! || x - y)
    .slice(0, most)
    .sort((x, y) => x - y);
  const present = new Set(images.map(({ label }) => label));
  return { rows: columns.filter((label) => present.has(label)), columns };
}

/** A matrix of one model by one measure. */
export interface MeasuredMatrix {
  /** 0 to 1; undefined where the label has no images. */
  at(label: number, says: number): number | undefined;
  /** The same with what it is of, rounded as it stands in the picture: who speaks to the page says what is read there. */
  tell(label: number, says: number): string;
  /** What shares are of. */
  images?: Matrix;
}

/** By the share of the images that get the class. */
export const measuredShares = (matrix: Matrix): MeasuredMatrix => ({
  images: matrix,
  at: (label, says) => shareOf(matrix, label, says),
  tell: (label, says) =>
    `${count(matrix.counts[label]![says]!)} of ${count(matrix.totals[label]!)} images, ${fixed(100 * (shareOf(matrix, label, says) ?? 0), 0)} %`,
});

/** By the mean probability of the class. @param means by label, as results keep them */
const measuredMeans = (means: KeptPredictions['means'][ImageSetName]): MeasuredMatrix => ({
  at: (label, says) => means[label]?.[says],
  tell: (label, says) => `${fixed(100 * (means[label]?.[says] ?? 0), 0)} % on average`,
});

/** Mean probabilities of a set by A and by B, or why there are none, in a sentence. */
export function keptMeans(
  readings: KeptReadings<KeptPredictions>,
  { a, b }: Pick<Comparison, 'a' | 'b'>,
  set: ImageSetName,
  classes: number,
): Record<'a' | 'b', MeasuredMatrix> | { absence: string } {
  const meansOf = (model: Comparison['a']) => {
    const means = readings.of(model)?.means[set];
    const fits = means?.length === classes && means.every((row) => row === null || row.length === classes);
    return fits ? means : undefined;
  };
  const [ofA, ofB] = [meansOf(a), meansOf(b)];
  if (!ofA || !ofB) return { absence: readings.absence(ofA ? b : a) };
  return { a: measuredMeans(ofA), b: measuredMeans(ofB) };
}
