import type { Recipe } from '../study/study';

/**
 * Per-epoch cosine (METHOD section 3): lr_t = l_min + ½ (lr − l_min)(1 + cos(π t / E)), l_min = floor · lr, t from 0 to E − 1.
 */
export function cosineRate({ lr, floor, epochs }: Recipe, epoch: number): number {
  const least = floor * lr;
  return least + ((lr - least) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
}
