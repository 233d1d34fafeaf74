import * as tf from '@tensorflow/tfjs-core';
import { crossEntropyPerExample } from '../gpu/cross-entropy';
import { distillation } from '../gpu/distillation';
import { operations } from '../gpu/ops';
import { writeTensor } from '../gpu/write';
import { checkIndices, type DeviceData } from './device-data';
import { createIndexBuffers } from './index-buffers';
import type { Network } from './network';
import type { Optimizer } from './optimizer';
import type { Runner } from './runner';
import type { Batch, ObjectiveTools, StepIndices, StreamName, TrainRequest } from './trainer';

/** One optimizer step on the device. Nothing is uploaded in it but the batches' indices. */
export interface Step {
  /** Numbers of this epoch for the objective. The first call settles their names. */
  setScalars(values: Record<string, number>): void;
  /** Records the step without waiting for it; `loss` is the one before the update. */
  run(indices: StepIndices): Promise<{ loss: Promise<number> }>;
  dispose(): void;
}

/** @param labels of the request, when given, are one per training image. */
export function createStep(
  network: Network,
  { train }: DeviceData,
  optimizer: Optimizer,
  runner: Runner,
  { objective, labels, teacher }: Pick<TrainRequest, 'objective' | 'labels' | 'teacher'>,
): Step {
  const replaced = labels && tf.tensor1d(labels, 'int32');
  const taught = teacher && tf.tensor2d(teacher, [train.count, teacher.length / train.count]);
  const buffers = createIndexBuffers();
  const scalars: Record<string, tf.Scalar> = {};
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

  function record(indices: Partial<Record<StreamName, tf.Tensor1D>>): tf.Tensor {
    const batches: Partial<Record<StreamName, Batch>> = {};
    for (const [name, list] of Object.entries(indices))
      batches[name as StreamName] = {
        ...train.gather(list, replaced),
        ...(taught && { teacher: tf.gather(taught, list) }),
      };
    const loss = () => objective(batches, tools, scalars);
    // With everything frozen a step still moves BatchNorm's running statistics.
    if (optimizer.variables.length === 0) return loss();
    const { value, grads } = tf.variableGrads(loss, optimizer.variables);
    optimizer.apply(grads);
    return value;
  }

  return {
    setScalars(values) {
      for (const [name, value] of Object.entries(values)) {
        const scalar = scalars[name];
        if (scalar) writeTensor(scalar, Float32Array.of(value));
        else scalars[name] = tf.keep(tf.scalar(value));
      }
    },
    async run(indices) {
      const lists: Partial<Record<StreamName, tf.Tensor1D>> = {};
      const streams = Object.entries(indices) as [StreamName, Int32Array][];
      for (const [name, list] of streams) {
        checkIndices(list, train);
        lists[name] = buffers.write(name, list);
      }
      const key = streams.map(([name, { length }]) => `${name}:${length}`).join();
      const { value } = await runner.run(key, () => record(lists));
      return { loss: value.then(([loss]) => loss!) };
    },
    dispose() {
      buffers.dispose();
      tf.dispose(scalars);
      replaced?.dispose();
      taught?.dispose();
    },
  };
}
