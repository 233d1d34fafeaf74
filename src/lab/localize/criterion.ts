import type { HostTensor } from '../tensors';
import type { Criterion } from './localizer';

/**
 * Score of every scalar of one parameter: abs(G), abs(theta*G) or abs(theta) (METHOD section 1.1). Gradients of different batches may
 * have cancelled in G: the absolute value is that of the sum.
 */
export function elementScores(criterion: Criterion, weight: HostTensor, gradient?: HostTensor): Float32Array {
  const theta = weight.data;
  if (criterion === 'weight') return theta.map(Math.abs);
  if (!gradient) throw new Error(`The criterion ${criterion} needs a gradient.`);
  const g = gradient.data;
  return criterion === 'grad' ? g.map(Math.abs) : g.map((value, i) => Math.abs(theta[i]! * value));
}
