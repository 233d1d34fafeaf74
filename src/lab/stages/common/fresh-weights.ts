import { initialise } from '../../nn/initialise';
import type { ModelSpec } from '../../nn/spec';
import { randomStream } from '../../rng';
import type { Checkpoint } from '../../tensors';

/** The networks that start from weights of their own: three of a repeat, and the numbered subset models. */
export type Start = 'original' | 'oracle' | 'reset' | 'subset';

/**
 * Fresh weights of a repeat. Each purpose has its own draw: a reset to the very weights that the original started from
 * would hand it back its own past (METHOD section 2: a fresh initialisation).
 */
export function freshWeights(spec: ModelSpec, seed: number, start: Start, number?: number): Checkpoint {
  const path = number === undefined ? [start] : [start, number];
  return initialise(spec, start === 'original' ? seed : randomStream(seed, 'weights', ...path).next());
}
