import type { Dataset } from '../lab/data/dataset';
import type { Checkpoint } from '../lab/tensors';
import type { Arguments } from './command';
import { checkSameNormalisation, type Listener, loadWeights, type Network } from './inputs';

/**
 * Weights that are compared with those of a network, on the same images.
 * @param data as `network` sees them
 * @throws LetheError when they do not fit the network, or were trained on images that were normalised in another way.
 */
export async function loadSecondWeights(
  path: string,
  network: Network,
  data: Dataset,
  args: Arguments,
  listener: Listener,
): Promise<Checkpoint> {
  const { weights, normalise } = await loadWeights(path, network.spec, 'all', listener);
  if (args.has('mean')) return weights;
  if (normalise) checkSameNormalisation(path, normalise, data.normalise);
  else if (network.normalise)
    listener.stderr(`${path}: its images are normalised like those of the other weights.\n`);
  return weights;
}
