import type { ComparedImage } from '../compared/compared-images';

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
