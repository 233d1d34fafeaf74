import type { ModelSpec } from '../nn/spec';
import { LetheError, type NumberSetting } from '../settings';
import { type Mask, sizeOf } from '../tensors';

export const lastLayersSetting: NumberSetting = {
  kind: 'number',
  name: 'k',
  label: 'k',
  help: 'How many convolution and linear layers, counted from the output, are trained; all others stay frozen.',
  source: '1 and up',
  default: 1,
  min: 1,
  max: 1000,
  integer: true,
};

/**
 * The last k convolution or linear layers in forward order, each with its norm and bias entries.
 * @throws LetheError when the network has fewer.
 */
export function lastLayers(spec: ModelSpec, k: number): Mask {
  const kinds = new Map(spec.parameters.map(({ name, kind }) => [name, kind]));
  const weighted = spec.layers.filter(({ parameters }) =>
    parameters.some((name) => kinds.get(name) === 'conv' || kinds.get(name) === 'linear'),
  );
  if (k > weighted.length)
    throw new LetheError(
      `This network has ${weighted.length} convolution and linear layers: k cannot be ${k}.`,
    );
  const chosen = new Set(weighted.slice(-k).flatMap((layer) => layer.parameters));
  return Object.fromEntries(
    spec.parameters.map(({ name, shape }) => [
      name,
      new Uint8Array(sizeOf(shape)).fill(chosen.has(name) ? 1 : 0),
    ]),
  );
}
