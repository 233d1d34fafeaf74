import { randomStream } from '../rng';
import { type Checkpoint, type HostTensor, sizeOf } from '../tensors';
import type { Initializer, ModelSpec, ParameterSpec } from './spec';

/**
 * A fresh network: parameters drawn from their initial distributions, buffers at their initial values. Every tensor has
 * a stream of its own (`init/<name>`), so that any one can be redrawn alone and none depends on the others.
 */
export function initialise(spec: ModelSpec, seed: number): Checkpoint {
  const checkpoint: Checkpoint = {};
  for (const parameter of spec.parameters) checkpoint[parameter.name] = initialParameter(parameter, seed);
  return { ...checkpoint, ...initialBuffers(spec) };
}

/** BatchNorm's running statistics before any training. */
export function initialBuffers(spec: ModelSpec): Checkpoint {
  return Object.fromEntries(
    spec.buffers.map(({ name, shape, initial }) => [
      name,
      { shape: [...shape], data: new Float32Array(sizeOf(shape)).fill(initial) },
    ]),
  );
}

/** One fresh parameter: the same values as in `initialise(spec, seed)`. */
export function initialParameter({ name, shape, initializer }: ParameterSpec, seed: number): HostTensor {
  const draw = sampler(initializer, seed, name);
  return { shape: [...shape], data: Float32Array.from({ length: sizeOf(shape) }, draw) };
}

function sampler(initializer: Initializer, seed: number, name: string): () => number {
  if (initializer.kind === 'constant') return () => initializer.value;
  const stream = randomStream(seed, 'init', name);
  return initializer.kind === 'normal'
    ? () => initializer.std * stream.normal()
    : () => initializer.bound * (2 * stream.uniform() - 1);
}
