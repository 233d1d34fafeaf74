import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type ProductVariant, productsOf } from '../products';
import { convFilterGradient } from './filter-gradient';
import { type Gather, registerGather } from './gather';
import type { ConvShape } from './shape';
import { fitsSubgroups, subgroupFilterGradient, subgroupGather } from './subgroup';
import { tiledFilterGradient, tiledGather } from './tiled';

/** The three products of a convolution; see gather.ts and filter-gradient.ts. Their outputs are not tracked by `tidy`. */
export interface ConvKernels {
  gather: Gather;
  filterGradient(backend: unknown, x: TensorInfo, dy: TensorInfo, shape: ConvShape): TensorInfo;
}

const register: ConvKernels = { gather: registerGather, filterGradient: convFilterGradient };

const variants: Record<ProductVariant, ConvKernels> = {
  register,
  subgroup: { gather: subgroupGather, filterGradient: subgroupFilterGradient },
  tiled: { gather: tiledGather, filterGradient: tiledFilterGradient },
};

/** The kernels of a backend that can compute a convolution. */
export function kernelsFor(backend: unknown, shape: ConvShape): ConvKernels {
  const { variant } = productsOf(backend);
  return variant === 'subgroup' && !fitsSubgroups(shape) ? register : variants[variant];
}
