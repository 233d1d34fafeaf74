/**
 * The operations that models are written with. Each has a namesake in `stock.ts`, written with stock TF.js
 * operations, against which tests compare it.
 */
import { attention } from './attention';
import { batchNorm } from './batch-norm';
import { conv2d, conv2dBranch } from './conv/conv2d';
import { crossEntropy } from './cross-entropy';
import { gelu } from './gelu';
import { globalMean } from './global-mean';
import { layerNorm, layerNormBranch } from './layer-norm';
import { linear } from './linear';
import { maxPool } from './max-pool';
import { embedTokens, shiftedPatches } from './tokens';

export const operations = {
  attention,
  batchNorm,
  conv2d,
  conv2dBranch,
  crossEntropy,
  embedTokens,
  gelu,
  globalMean,
  layerNorm,
  layerNormBranch,
  linear,
  maxPool,
  shiftedPatches,
};

export type Operations = typeof operations;
