import type { QuantityId } from './quantities';

/** A number on the page: which quantity of which row or point. */
export interface NumberPlace {
  /** `original`, `oracle`, or the key of a group of runs. */
  row: string;
  quantity: QuantityId;
}
