import { Registry } from '../settings';
import { attack } from './attack';
import { collateral } from './collateral';
import type { Comparison } from './comparison';
import { embedding } from './embedding';
import { layers } from './layers';
import { neighbours } from './neighbours';
import { predictions } from './predictions';
import { probe } from './probe';
import { relearning } from './relearning';

export const comparisons = new Registry<Comparison>('comparison', [
  predictions,
  layers,
  embedding,
  neighbours,
  collateral,
  probe,
  relearning,
  attack,
]);
