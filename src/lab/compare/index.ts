import { Registry } from '../settings';
import type { Comparison } from './comparison';
import { layers } from './layers';
import { predictions } from './predictions';

export const comparisons = new Registry<Comparison>('comparison', [predictions, layers]);
