/**
 * The operations that models are written with: kernels of our own with gradients. Each has the meaning of its namesake in
 * `stock.ts`, which is what a backend without our kernels computes with.
 */
export { attention } from './attention';
export { type BatchNormOptions, batchNorm } from './batch-norm';
export { conv2d } from './conv/conv2d';
export { crossEntropy } from './cross-entropy';
export { gelu } from './gelu';
export { globalMean } from './global-mean';
export { layerNorm } from './layer-norm';
export { linear } from './linear';
export { maxPool } from './max-pool';
