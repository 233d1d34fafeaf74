import type { Metrics } from '../study/result';
import { metrics } from './metrics';

/** Oracle minus unlearned, in points, for every metric of which a difference is reported (METHOD section 5). */
export function deltas(oracle: Metrics, unlearned: Metrics, registry = metrics): Metrics {
  return Object.fromEntries(
    registry.entries
      .filter(({ id, delta }) => delta && id in oracle && id in unlearned)
      .map(({ id }) => [id, oracle[id]! - unlearned[id]!]),
  );
}

/**
 * The two numbers that compare a model with the oracle as a whole, from its deltas.
 * @returns `gap` in points and `toW` as a fraction; each is left out where one of its three deltas is not known
 */
export function distances(differences: Metrics): { gap?: number; toW?: number } {
  const [distance, product] = [gap(differences), tugOfWar(differences)];
  return {
    ...(Number.isFinite(distance) && { gap: distance }),
    ...(Number.isFinite(product) && { toW: product }),
  };
}

/** Gap to the oracle: mean absolute delta of forget accuracy, MIA and test accuracy, in points; 0 is the oracle itself. */
export function gap(differences: Metrics): number {
  const { forgetAccuracy, mia, testAccuracy } = differences;
  return (Math.abs(forgetAccuracy!) + Math.abs(mia!) + Math.abs(testAccuracy!)) / 3;
}

/** Tug of war: product of 1 − |delta| of forget, retain and test accuracy as fractions; 1 is the oracle itself. */
export function tugOfWar(differences: Metrics): number {
  const { forgetAccuracy, retainAccuracy, testAccuracy } = differences;
  return [forgetAccuracy!, retainAccuracy!, testAccuracy!].reduce(
    (product, delta) => product * (1 - Math.abs(delta) / 100),
    1,
  );
}
