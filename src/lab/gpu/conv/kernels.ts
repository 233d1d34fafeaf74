import { type ProductVariant, productsOf } from '../products';
import { convFilterGradient } from './filter-gradient';
import { type ConvKernels, registerGather } from './gather';
import type { ConvShape } from './shape';
import { fitsSubgroups, subgroupFilterGradient, subgroupGather } from './subgroup';
import { tiledKernels } from './tiled';

const register: ConvKernels = { gather: registerGather, filterGradient: convFilterGradient };

const variants: Record<ProductVariant, ConvKernels> = {
  register,
  subgroup: { gather: subgroupGather, filterGradient: subgroupFilterGradient },
  tiled: tiledKernels(),
};

/** The kernels of a backend that can compute a convolution. */
export function kernelsFor(backend: unknown, shape: ConvShape): ConvKernels {
  const { variant } = productsOf(backend);
  return variant === 'subgroup' && !fitsSubgroups(shape) ? register : variants[variant];
}
