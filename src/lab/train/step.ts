import * as tf from '@tensorflow/tfjs-core';
import { accumulate, clear } from '../gpu/accumulate';
import { crossEntropyPerExample } from '../gpu/cross-entropy';
import { distillation } from '../gpu/distillation';
import { operations } from '../gpu/ops';
import { writeTensor } from '../gpu/write';
import { checkIndices, type DeviceData } from './device-data';
import { createIndexBuffers } from './index-buffers';
import { microBatches } from './micro-batches';
import type { Network } from './network';
import type { Optimizer } from './optimizer';
import type { Runner } from './runner';
import type { Batch, ObjectiveTools, StepIndices, StreamName, TrainRequest } from './trainer';

type DeviceIndices = Partial<Record<StreamName, tf.Tensor1D>>;
/** Gradients added up over the pieces of a batch, by the variable's name. */
type Sums = Record<string, tf.Variable>;

/** One optimizer step on the device. Nothing is uploaded in it but the batches' indices. */
export interface Step {
  /** Numbers of this epoch for the objective. The first call settles their names. */
  setScalars(values: Record<string, number>): void;
  /**
   * Records the step without waiting for it; `loss` is the one before the update.
   * @param number of the step in its training: with the augmentation's stream it settles the crops.
   */
  run(indices: StepIndices, number: number): Promise<{ loss: Promise<number> }>;
  dispose(): void;
}

/** @param labels of the request, when given, are one per training image. */
export function createStep(
  network: Network,
  { train }: DeviceData,
  optimizer: Optimizer,
  runner: Runner,
  {
    objective,
    labels,
    teacher,
    augment,
    microBatch,
  }: Pick<TrainRequest, 'objective' | 'labels' | 'teacher' | 'augment' | 'microBatch'>,
): Step {
  const replaced = labels && tf.tensor1d(labels, 'int32');
  const taught = teacher && tf.tensor2d(teacher, [train.count, teacher.length / train.count]);
  const buffers = createIndexBuffers();
  const counter = augment && train.augments ? tf.tensor1d([0], 'int32') : undefined;
  const scalars: Record<string, tf.Scalar> = {};
  let sums: Sums | undefined;
  const tools: ObjectiveTools = {
    tf,
    logits: ({ images }) => network.logits(images, true),
    crossEntropy: operations.crossEntropy,
    crossEntropyPerExample,
    distillation,
    parameters: Object.fromEntries(
      network.spec.parameters.map(({ name }) => [name, network.variables[name]!]),
    ),
  };

  function lossOn(indices: DeviceIndices): tf.Scalar {
    const batches: Partial<Record<StreamName, Batch>> = {};
    Object.entries(indices).forEach(([name, list], stream) => {
      const crops = counter && { key: augment!.key, step: counter, stream };
      batches[name as StreamName] = {
        ...train.gather(list, { labels: replaced, augment: crops }),
        ...(taught && { teacher: tf.gather(taught, list) }),
      };
    });
    return objective(batches, tools, scalars);
  }

  function wholeStep(indices: DeviceIndices): tf.Tensor {
    // With everything frozen a step still moves BatchNorm's running statistics.
    if (optimizer.variables.length === 0) return lossOn(indices);
    const { value, grads } = tf.variableGrads(() => lossOn(indices), optimizer.variables);
    optimizer.apply(grads);
    return value;
  }

  function addGradients(indices: DeviceIndices, weight: number, sums: Sums): tf.Tensor {
    const loss = () => tf.mul(lossOn(indices), weight) as tf.Scalar;
    if (optimizer.variables.length === 0) return loss();
    const { value, grads } = tf.variableGrads(loss, optimizer.variables);
    for (const [name, gradient] of Object.entries(grads)) accumulate(sums[name]!, gradient);
    return value;
  }

  function applySums(sums: Sums): undefined {
    optimizer.apply(sums);
    for (const sum of Object.values(sums)) clear(sum);
  }

  /** Index lists on the device, with a name for their shapes. */
  function upload(indices: StepIndices): { lists: DeviceIndices; shapes: string } {
    const lists: DeviceIndices = {};
    const streams = Object.entries(indices) as [StreamName, Int32Array][];
    for (const [name, list] of streams) {
      checkIndices(list, train);
      lists[name] = buffers.write(name, list);
    }
    return { lists, shapes: streams.map(([name, { length }]) => `${name}:${length}`).join() };
  }

  return {
    setScalars(values) {
      for (const [name, value] of Object.entries(values)) {
        const scalar = scalars[name];
        if (scalar) writeTensor(scalar, Float32Array.of(value));
        else scalars[name] = tf.keep(tf.scalar(value));
      }
    },
    async run(indices, number) {
      if (counter) writeTensor(counter, Int32Array.of(number));
      const pieces = microBatches(indices, microBatch);
      if (pieces.length === 1) {
        const { lists, shapes } = upload(indices);
        const { value } = await runner.run(shapes, () => wholeStep(lists));
        return { loss: value.then(([loss]) => loss!) };
      }
      const into = (sums ??= zeroSums(optimizer.variables));
      const parts: Promise<Float32Array>[] = [];
      for (const { indices: piece, weight } of pieces) {
        const { lists, shapes } = upload(piece);
        const { value } = await runner.run(`${shapes}/${weight}`, () => addGradients(lists, weight, into));
        parts.push(value);
      }
      await runner.run('apply', () => applySums(into));
      return { loss: Promise.all(parts).then((losses) => losses.reduce((sum, [loss]) => sum + loss!, 0)) };
    },
    dispose() {
      buffers.dispose();
      tf.dispose(scalars);
      if (sums) tf.dispose(sums);
      replaced?.dispose();
      counter?.dispose();
      taught?.dispose();
    },
  };
}

function zeroSums(variables: readonly tf.Variable[]): Sums {
  return Object.fromEntries(
    variables.map((variable) => {
      const zeros = tf.zerosLike(variable);
      const sum = tf.variable(zeros, false);
      zeros.dispose();
      return [variable.name, sum];
    }),
  );
}
