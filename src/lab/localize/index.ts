import { type RandomStream, randomStream } from '../rng';
import { Registry } from '../settings';
import { critmem } from './critmem';
import { deepest } from './deepest';
import { del } from './del';
import { full } from './full';
import { gradChannel } from './grad-channel';
import type { Localizer } from './localizer';
import { magnitude } from './magnitude';
import { manual } from './manual';
import { random } from './random';
import { salloc } from './salloc';
import { shallowest } from './shallowest';
import { smallGradient } from './small-gradient';
import { trainSet } from './train-set';
import { weightedGradParameter } from './weighted-grad-parameter';

export const localizers = new Registry<Localizer>('localization strategy', [
  del,
  salloc,
  gradChannel,
  weightedGradParameter,
  trainSet,
  magnitude,
  smallGradient,
  random,
  deepest,
  shallowest,
  critmem,
  manual,
  full,
]);

/** Whether a strategy selects every parameter; false for one that is not known here. */
export function selectsEverything(strategy: string): boolean {
  return localizers.find(strategy)?.selectsEverything === true;
}

/** `SelectContext.random` of a repeat. The page's preview and the lab's mask both draw from these streams, so that they are the same. */
export function maskStreams(seed: number): (...path: (string | number)[]) => RandomStream {
  return (...path) => randomStream(seed, 'mask', ...path);
}
