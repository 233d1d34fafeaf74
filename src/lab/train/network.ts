import * as tf from '@tensorflow/tfjs-core';
import { writeTensor } from '../gpu/write';
import { checkCheckpoint } from '../nn/checkpoint';
import { type ForwardRequest, forward } from '../nn/forward';
import { deviceShape, fromDevice, toDevice } from '../nn/layout';
import type { ModelSpec, ParameterSpec } from '../nn/spec';
import { type Checkpoint, type ParameterTensors, sizeOf } from '../tensors';

/** The parameters and buffers of one network, as variables whose device buffers never change. */
export interface Network {
  readonly spec: ModelSpec;
  /** By PyTorch name, convolution filters as HWIO. */
  readonly variables: Record<string, tf.Variable>;
  load(weights: Checkpoint): void;
  snapshot(): Promise<Checkpoint>;
  /** `[n, classes]`. */
  logits(images: tf.Tensor4D, training: boolean): tf.Tensor2D;
  /** An eval-mode pass that hands on every layer's output; see `ForwardRequest`. */
  activations(images: tf.Tensor4D, onActivation: NonNullable<ForwardRequest['onActivation']>): void;
  dispose(): void;
}

/** Reads a tensor to the host; given by the engine, which rejects it when the device is lost. */
export type ReadTensor = (tensor: tf.Tensor) => Promise<Float32Array>;

/** A network with all values zero: load a checkpoint before use. */
export function createNetwork(spec: ModelSpec, read: ReadTensor): Network {
  const buffers = spec.buffers.map(({ name, shape }): ParameterSpec => {
    return { name, shape, kind: 'norm', initializer: { kind: 'constant', value: 0 } };
  });
  const all = [...spec.parameters, ...buffers];
  const variables = zeroVariables(all);
  return {
    spec,
    variables,
    load(weights) {
      checkCheckpoint(spec, weights);
      writeAll(all, variables, weights);
    },
    snapshot: () => readAll(all, variables, read),
    logits: (images, training) => forward(spec.config, variables, { images, training }),
    activations(images, onActivation) {
      forward(spec.config, variables, { images, training: false, onActivation });
    },
    dispose: () => tf.dispose(variables),
  };
}

/** One zero variable of the device's shape per tensor. */
export function zeroVariables(parameters: readonly ParameterSpec[]): Record<string, tf.Variable> {
  return Object.fromEntries(
    parameters.map((parameter) => {
      const zeros = tf.tensor(new Float32Array(sizeOf(parameter.shape)), deviceShape(parameter));
      const variable = tf.variable(zeros);
      zeros.dispose();
      return [parameter.name, variable];
    }),
  );
}

/** Host tensors in PyTorch's layout onto the device, in place. */
function writeAll(
  parameters: readonly ParameterSpec[],
  variables: Record<string, tf.Variable>,
  values: ParameterTensors,
): void {
  for (const parameter of parameters)
    writeTensor(variables[parameter.name]!, toDevice(parameter, values[parameter.name]!.data));
}

/** The device's tensors in PyTorch's layout. */
export async function readAll(
  parameters: readonly ParameterSpec[],
  variables: Record<string, tf.Tensor>,
  read: ReadTensor,
): Promise<ParameterTensors> {
  const values = await Promise.all(parameters.map(({ name }) => read(variables[name]!)));
  return Object.fromEntries(
    parameters.map((parameter, index) => [parameter.name, fromDevice(parameter, values[index]!)]),
  );
}
