/**
 * The operations that models are written with. Each has the signature and meaning of its namesake in `stock.ts`, which
 * documents shapes and is what the kernels are tested against.
 */
export type { BatchNormOptions } from './stock';
export {
  accumulate,
  attention,
  batchNorm,
  conv2d,
  crossEntropy,
  gelu,
  globalMean,
  layerNorm,
  linear,
  maxPool,
  sgd,
} from './stock';
