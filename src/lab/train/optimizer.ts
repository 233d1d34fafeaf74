import * as tf from '@tensorflow/tfjs-core';
import { layOutLists, packMask, packRates, sgdStep, type Update } from '../gpu/sgd';
import { writeTensor } from '../gpu/write';
import { fromDevice, toDevice } from '../nn/layout';
import type { ParameterSpec } from '../nn/spec';
import { LetheError } from '../settings';
import type { Recipe } from '../study/study';
import { type Mask, type ParameterTensors, sizeOf } from '../tensors';
import type { Network, ReadTensor } from './network';
import type { TrainRequest } from './trainer';

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
 * @param which `trainable`: 1 = free; a parameter that it lacks is frozen; without it all are free. `gradientScale`: whose gradients are
 * multiplied before weight decay is added.
 * @throws LetheError when a mask does not fit the network.
 */
export function createOptimizer(
  network: Network,
  { momentum, weightDecay }: Recipe,
  read: ReadTensor,
  { trainable, gradientScale }: Pick<TrainRequest, 'trainable' | 'gradientScale'> = {},
): Optimizer {
  const all = network.spec.parameters;
  if (trainable) checkMask(all, trainable);
  if (gradientScale) checkMask(all, gradientScale.mask);
  const scaled = gradientScale?.mask;
  const free = all.filter(({ name }) => !trainable || trainable[name]?.includes(1));
  const sizes = all.map(({ shape }) => sizeOf(shape));
  const { offsets, total } = layOutLists(sizes);
  const offsetOf = new Map(all.map(({ name }, index) => [name, offsets[index]!]));
  const velocity = zeroList(total);
  const ratesAt = (lr: number) =>
    packRates({ lr, momentum, weightDecay, gradientScale: gradientScale?.factor });
  const rates = tf.tensor1d(ratesAt(0));
  const scales = free.some(({ name }) => scaled?.[name]?.includes(1));
  let mask: tf.Tensor | undefined;
  if (scales || free.some(({ name }) => trainable?.[name]?.includes(0))) {
    const bytes = new Uint8Array(total);
    for (const parameter of free) {
      const { name, shape } = parameter;
      const own = entryBytes(sizeOf(shape), trainable?.[name], scaled?.[name]);
      bytes.set(toDevice(parameter, own), offsetOf.get(name)!);
    }
    mask = packMask(bytes);
  }
  return {
    variables: free.map(({ name }) => network.variables[name]!),
    setRate: (lr) => writeTensor(rates, ratesAt(lr)),
    apply(gradients) {
      const updates = free.flatMap(({ name }): Update[] => {
        const parameter = network.variables[name]!;
        const gradient = gradients[parameter.name];
        return gradient ? [{ parameter, gradient, offset: offsetOf.get(name)! }] : [];
      });
      sgdStep(updates, { velocity, rates, mask, scales });
    },
    async readMomentum() {
      const values = await read(velocity);
      return Object.fromEntries(
        all.map((parameter, index) => {
          const own = values.subarray(offsets[index], offsets[index]! + sizes[index]!);
          return [parameter.name, fromDevice(parameter, own)];
        }),
      );
    },
    loadMomentum(momentum) {
      const values = new Float32Array(total);
      all.forEach((parameter, index) => {
        values.set(toDevice(parameter, momentum[parameter.name]!.data), offsets[index]);
      });
      writeTensor(velocity, values);
    },
    dispose() {
      tf.dispose([velocity, rates]);
      mask?.dispose();
    },
  };
}

/** What `packMask` takes, of one parameter. */
function entryBytes(size: number, trainable?: Uint8Array, scaled?: Uint8Array): Uint8Array {
  const bytes = trainable ?? new Uint8Array(size).fill(1);
  return scaled ? bytes.map((byte, i) => (byte && scaled[i] ? 2 : byte)) : bytes;
}

function zeroList(length: number): tf.Variable {
  const zeros = tf.tensor1d(new Float32Array(length));
  const variable = tf.variable(zeros, false);
  zeros.dispose();
  return variable;
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
