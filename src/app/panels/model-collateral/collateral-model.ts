import type { KeptCollateral } from '../../../lab/compare/collateral';
import { unpackLevels, unpackShares } from '../../../lab/compare/compact';
import { mean } from '../../../lab/evaluate/accuracy';
import { fixed } from '../../../lab/format';
import { inSentence, type Side, sampleText } from '../compared/comparison';

/** The retained images that were looked at, nearest to the forget set first. */
export interface CollateralImages {
  /** Numbers among the training images. */
  indices: number[];
  /** How many retained images there are. */
  of: number;
  /** Of the oracle's features to those of the nearest forget image. */
  distance: Float64Array;
}

/** How much a model's answers differ from the oracle's, in the order of `CollateralImages`. */
export interface SideCollateral extends Side {
  /** 0 to 1. */
  change: Float64Array;
  /** Spearman's, with the distance; null where one of them is the same for every image. */
  rankCorrelation: number | null;
  means: MeanPoint[];
}

export interface MeanPoint {
  distance: number;
  change: number;
}

/** Where every image of the file stands once they are sorted by distance; undefined where sizes do not fit together. */
export function collateralImages(
  kept: KeptCollateral | undefined,
): (CollateralImages & { order: number[] }) | undefined {
  if (!kept?.indices || !kept.distance) return undefined;
  const distance = unpackLevels(kept.distance);
  const { indices, of = indices.length } = kept;
  if (indices.length === 0 || distance.length !== indices.length) return undefined;
  const order = [...indices.keys()].sort((i, j) => distance[i]! - distance[j]! || i - j);
  return {
    order,
    of,
    indices: order.map((i) => indices[i]!),
    distance: Float64Array.from(order, (i) => distance[i]!),
  };
}

/** What a file holds of a model beside these images; undefined where sizes do not fit together. */
export function sideCollateral(
  side: Side,
  kept: KeptCollateral,
  { order, distance }: CollateralImages & { order: readonly number[] },
): SideCollateral | undefined {
  if (!kept.totalVariation) return undefined;
  const shares = unpackShares(kept.totalVariation);
  if (shares.length !== order.length) return undefined;
  const change = Float64Array.from(order, (i) => shares[i]!);
  const { rankCorrelation = null } = kept;
  return { ...side, change, rankCorrelation, means: runningMeans(distance, change) };
}

/** How many images the running mean is of: a tenth of them. */
export const meanWindow = (images: number): number => Math.max(1, Math.round(images / 10));

/** At most so many points make the line of a running mean. */
const MEANS = 120;

/** Mean distance and change of as many neighbouring images as `meanWindow` says, sliding from the nearest to the farthest. */
export function runningMeans(distance: Float64Array, change: Float64Array): MeanPoint[] {
  const window = meanWindow(distance.length);
  const last = distance.length - window;
  const points = Math.min(MEANS, last + 1);
  return Array.from({ length: points }, (_, i) => {
    const from = points === 1 ? 0 : Math.round((i * last) / (points - 1));
    const own = (values: Float64Array) => mean(values.subarray(from, from + window));
    return { distance: own(distance), change: own(change) };
  });
}

/** How much each model changed, and whether that goes with the distance, in a sentence each; chance: 5 %, two-sided, normal approximation. */
export function collateralSentence(
  sides: readonly SideCollateral[],
  { indices, of }: CollateralImages,
): string {
  const n = indices.length;
  const byChance = 1.96 / Math.sqrt(n - 1);
  const sentences = sides.map(({ letter, model, change, rankCorrelation: r }) => {
    const who = `${letter}, ${inSentence(model)},`;
    const changed = `${who} differs from the oracle by ${fixed(mean(change), 3)} on average`;
    if (r === null) return `${changed}, its rank correlation with the distance is not defined.`;
    const meaning =
      Math.abs(r) <= byChance
        ? 'no more than chance gives'
        : r < 0
          ? 'nearer images differ more'
          : 'images farther away differ more';
    return `${changed}; rank correlation with the distance ${fixed(r, 2)}: ${meaning}.`;
  });
  return `On ${sampleText('retain', n, of)}: ${sentences.join(' ')}`;
}

/** The place in the order of the image whose point of a model lies nearest, in pixels; undefined where none lies within `reach`. */
export function nearestPlace(
  at: { x: number; y: number },
  xs: Float64Array,
  sides: readonly Float64Array[],
  reach: number,
): number | undefined {
  let nearest: number | undefined;
  let least = reach * reach;
  for (const ys of sides)
    for (let i = 0; i < xs.length; i++) {
      const squared = (xs[i]! - at.x) ** 2 + (ys[i]! - at.y) ** 2;
      if (squared <= least) {
        least = squared;
        nearest = i;
      }
    }
  return nearest;
}

/** `distance 0.42 · A DEL 0.12 · B original 0.03`. */
export function placeText(
  sides: readonly SideCollateral[],
  { distance }: CollateralImages,
  place: number,
): string {
  const changes = sides.map(
    ({ letter, model, change }) => `${letter} ${model.label} ${fixed(change[place], 3)}`,
  );
  return [`distance ${fixed(distance[place], 3)}`, ...changes].join(' · ');
}
