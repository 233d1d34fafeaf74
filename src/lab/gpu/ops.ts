/**
 * The operations that models are written with. Those that stock TF.js has too have a namesake in `stock.ts`, which documents
 * shapes and is what the kernels are tested against.
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
