import type { Operands } from './conv/operands';

/**
 * Which kernels compute the matrix products behind convolutions and linear layers:
 *
 * - `subgroup`: CPU drivers, which run a subgroup as one vector: values are shared by broadcast (conv/subgroup.ts);
 * - `register`: CPU drivers without subgroups of one fixed size: tiles in registers (conv/gather.ts, conv/filter-gradient.ts);
 * - `tiled`: GPUs: tiles in shared memory (conv/tiled.ts).
 *
 * They may differ in the last bits of their sums.
 */
export type ProductVariant = 'subgroup' | 'register' | 'tiled';

export interface Products {
  variant: ProductVariant;
  /** Invocations in a subgroup; 0 where that is not one fixed number. */
  lanes: number;
  /** Default: `f32`. */
  operands?: Operands;
  /** What the tiled products were found to run fastest by; classes that it does not name take the default. */
  tilings?: TilingChoice;
}

/** The id of a tiling (conv/tilings.ts) for each class of products (conv/shape-class.ts). */
export type TilingChoice = Readonly<Record<string, string>>;

const chosen = new WeakMap<object, Products>();

/** Chooses a backend's kernels. */
export function setProducts(backend: object, products: Products): void {
  chosen.set(backend, products);
}

/** A backend's kernels; `register` where `setProducts` was not called. */
export function productsOf(backend: unknown): Products & Required<Pick<Products, 'operands'>> {
  return { operands: 'f32', ...(chosen.get(backend as object) ?? { variant: 'register', lanes: 0 }) };
}
