import { COMPARED_SETS } from '../../../lab/compare/comparison';
import type { ImageSetName } from '../../state/compared-models';
import type { ModelsChoice, PickedImages } from '../../state/models-slice';
import type { EmbeddedPoint } from './embedded';

/**
 * What picking some points changes: the images are limited to them, and those of another set are shown where the shown one has none of
 * them. Nothing picked shows all images again.
 */
export function pickChange(
  points: readonly EmbeddedPoint[],
  positions: readonly number[],
  shown: ImageSetName,
): ModelsChoice {
  if (positions.length === 0) return { picked: undefined };
  const picked = Object.fromEntries(
    COMPARED_SETS.map((set) => [
      set,
      positions.flatMap((position) => (points[position]!.set === set ? [points[position]!.index] : [])),
    ]),
  ) as unknown as PickedImages;
  const set = picked[shown].length > 0 ? shown : COMPARED_SETS.find((each) => picked[each].length > 0);
  return { picked, set };
}

/** By position, whether a point was picked; undefined where none was. */
export function pickedPoints(
  points: readonly EmbeddedPoint[],
  picked: PickedImages | undefined,
): boolean[] | undefined {
  if (!picked) return undefined;
  const chosen = new Set(COMPARED_SETS.flatMap((set) => picked[set].map((index) => `${set} ${index}`)));
  return points.map(({ set, index }) => chosen.has(`${set} ${index}`));
}
