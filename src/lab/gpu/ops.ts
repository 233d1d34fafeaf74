/**
 * The operations that models are written with. Each has the meaning of its namesake in `stock.ts`, which documents shapes and is
 * what the kernels are tested against.
 */
export { type BatchNormOptions, batchNorm } from './batch-norm';
export { globalMean } from './global-mean';
export { maxPool } from './max-pool';
export { attention, conv2d, crossEntropy, gelu, layerNorm, linear } from './stock';
