import * as tf from '@tensorflow/tfjs-core';
import { packMask, packRates, sgdStep, type Update } from '../gpu/sgd';
import { writeTensor } from '../gpu/write';
import { toDevice } from '../nn/layout';
import type { ParameterSpec } from '../nn/spec';
import { LetheError } from '../settings';
import type { Recipe } from '../study/study';
import { type Mask, type ParameterTensors, sizeOf } from '../tensors';
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
  const all = network.spec.parameters;
  if (trainable) checkMask(all, trainable);
  const free = all.filter(({ name }) => !trainable || trainable[name]?.includes(1));
  const masks: Record<string, tf.Tensor> = {};
  for (const parameter of free) {
    const bytes = trainable?.[parameter.name];
    if (bytes?.includes(0)) masks[parameter.name] = packMask(toDevice(parameter, bytes));
  }
  const velocities = zeroVariables(all);
  const rates = tf.tensor1d(packRates({ lr: 0, momentum, weightDecay }));
  return {
    variables: free.map(({ name }) => network.variables[name]!),
    setRate: (lr) => writeTensor(rates, packRates({ lr, momentum, weightDecay })),
    apply(gradients) {
      const updates = free.flatMap(({ name }): Update[] => {
        const parameter = network.variables[name]!;
        const gradient = gradients[parameter.name];
        return gradient ? [{ parameter, velocity: velocities[name]!, gradient, mask: masks[name] }] : [];
      });
      sgdStep(updates, rates);
    },
    readMomentum: () => readAll(all, velocities, read),
    loadMomentum: (values) => writeAll(all, velocities, values),
    dispose() {
      tf.dispose(velocities);
      tf.dispose(masks);
      rates.dispose();
    },
  };
}

function checkMask(parameters: readonly ParameterSpec[], mask: Mask): void {
  const sizes = new Map(parameters.map(({ name, shape }) => [name, sizeOf(shape)]));
  for (const [name, bytes] of Object.entries(mask)) {
    const size = sizes.get(name);
    if (size === undefined)
      throw new LetheError(`The mask names "${name}", which the network does not have.`);
    if (bytes.length !== size)
      throw new LetheError(`The mask of ${name} has ${bytes.length} entries instead of ${size}.`);
  }
}
