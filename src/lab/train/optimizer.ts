import * as tf from '@tensorflow/tfjs-core';
import { sgd } from '../gpu/ops';
import { writeTensor } from '../gpu/write';
import { deviceShape, toDevice } from '../nn/layout';
import { LetheError } from '../settings';
import type { Recipe } from '../study/study';
import type { Mask, ParameterTensors } from '../tensors';
import { type Network, type ReadTensor, readAll, writeAll, zeroVariables } from './network';

/** SGD with momentum and weight decay over the entries a mask leaves free; frozen entries keep their bits. */
export interface Optimizer {
  /** The variables with at least one free entry: gradients are needed for these alone. */
  readonly variables: tf.Variable[];
  setRate(rate: number): void;
  /** @param gradients by variable name, as `tf.variableGrads` gives them; a variable without one stays as it is. */
  apply(gradients: Record<string, tf.Tensor>): void;
  readMomentum(): Promise<ParameterTensors>;
  loadMomentum(momentum: ParameterTensors): void;
  dispose(): void;
}

/**
 * @param trainable 1 = free; a parameter that it lacks is frozen. Without it all are free.
 * @throws LetheError when the mask does not fit the network.
 */
export function createOptimizer(
  network: Network,
  { momentum, weightDecay }: Recipe,
  read: ReadTensor,
  trainable?: Mask,
): Optimizer {
  const parameters = network.spec.parameters.filter(({ name }) => !trainable || trainable[name]?.includes(1));
  const masks: Record<string, tf.Tensor> = {};
  for (const parameter of parameters) {
    const { name } = parameter;
    const bytes = trainable?.[name];
    if (!bytes) continue;
    if (bytes.length !== network.variables[name]!.size)
      throw new LetheError(
        `The mask of ${name} has ${bytes.length} entries instead of ${network.variables[name]!.size}.`,
      );
    if (bytes.includes(0))
      masks[name] = tf.tensor(Int32Array.from(toDevice(parameter, bytes)), deviceShape(parameter), 'int32');
  }
  const velocities = zeroVariables(network.spec.parameters);
  const rates = tf.tensor1d([0, momentum, weightDecay]);
  return {
    variables: parameters.map(({ name }) => network.variables[name]!),
    setRate: (rate) => writeTensor(rates, Float32Array.of(rate, momentum, weightDecay)),
    apply(gradients) {
      for (const { name } of parameters) {
        const variable = network.variables[name]!;
        const gradient = gradients[variable.name];
        if (gradient) sgd(variable, velocities[name]!, gradient, rates, masks[name]);
      }
    },
    readMomentum: () => readAll(network.spec.parameters, velocities, read),
    loadMomentum: (values) => writeAll(network.spec.parameters, velocities, values),
    dispose: () => tf.dispose([velocities, masks, rates] as tf.TensorContainer),
  };
}
