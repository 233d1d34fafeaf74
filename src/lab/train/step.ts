import * as tf from '@tensorflow/tfjs-core';
import { accumulateGradient, clearVariable } from '../gpu/accumulate';
import { crossEntropyPerExample } from '../gpu/cross-entropy';
import type { DeviceBatch, HostBatch } from '../gpu/dataset';
import { distillation } from '../gpu/distillation';
import { operations } from '../gpu/ops';
import { writeTensor } from '../gpu/write';
import { createBatchBuffers } from './batch-buffers';
import { checkIndices, type DeviceData } from './device-data';
import { type MicroBatch, microBatches } from './micro-batches';
import type { Network } from './network';
import type { Optimizer } from './optimizer';
import type { Runner } from './runner';
import type { Teacher } from './teacher';
import type { Batch, ObjectiveTools, StepIndices, StreamName, TrainRequest } from './trainer';

type DeviceBatches = Partial<Record<StreamName, DeviceBatch>>;
/** Gradients added up over the pieces of a batch, by the variable's name. */
type Sums = Record<string, tf.Variable>;

/** Batches that are computed at once, in the host's memory, and their share of the step's mean loss. */
export interface StepPiece {
  batches: Partial<Record<StreamName, HostBatch>>;
  weight: number;
}

/** One optimizer step on the device. Nothing is uploaded in it but the batches' indices, and the images of a streamed set. */
export interface Step {
  /** Sets this epoch's numbers for the objective. The first call decides which there are. */
  setScalars(values: Record<string, number>): void;
  /** Reads what the device does not hold of a step's batches. @throws LetheError when one is empty or names no image of the set. */
  fetch(indices: StepIndices): Promise<StepPiece[]>;
  /**
   * Records the step without waiting for it; `loss` is the one before the update.
   * @param number of the step in its training. It decides the crops, together with the augmentation's stream.
   */
  run(pieces: StepPiece[], number: number): Promise<{ loss: Promise<number> }>;
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
    augment,
    microBatch,
  }: Pick<TrainRequest, 'objective' | 'labels' | 'augment' | 'microBatch'>,
  teacher?: Teacher,
): Step {
  const replaced = labels && tf.tensor1d(labels, 'int32');
  const buffers = createBatchBuffers();
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

  function lossOn(placed: DeviceBatches): tf.Scalar {
    const batches: Partial<Record<StreamName, Batch>> = {};
    Object.entries(placed).forEach(([name, batch], stream) => {
      const crops = counter && { key: augment!.key, step: counter, stream };
      const own = train.gather(batch, { labels: replaced, augment: crops });
      batches[name as StreamName] = {
        ...own,
        ...(teacher && { teacher: teacher.logits(own.images, batch.indices) }),
      };
    });
    return objective(batches, tools, scalars);
  }

  function wholeStep(placed: DeviceBatches): tf.Tensor {
    // Without free weights there is no gradient to compute, but a step still has to move BatchNorm's running statistics.
    if (optimizer.variables.length === 0) return lossOn(placed);
    const { value, grads } = tf.variableGrads(() => lossOn(placed), optimizer.variables);
    optimizer.apply(grads);
    return value;
  }

  function addGradients(placed: DeviceBatches, weight: number, sums: Sums): tf.Tensor {
    const loss = () => tf.mul(lossOn(placed), weight) as tf.Scalar;
    if (optimizer.variables.length === 0) return loss();
    const { value, grads } = tf.variableGrads(loss, optimizer.variables);
    for (const [name, gradient] of Object.entries(grads)) accumulateGradient(sums[name]!, gradient);
    return value;
  }

  function applySums(sums: Sums): undefined {
    optimizer.apply(sums);
    for (const sum of Object.values(sums)) clearVariable(sum);
  }

  /** Brings a piece to the device; `shapes` names those of its batches. */
  function put({ batches }: StepPiece): { placed: DeviceBatches; shapes: string } {
    const placed: DeviceBatches = {};
    const streams = Object.entries(batches) as [StreamName, HostBatch][];
    for (const [name, batch] of streams) placed[name] = buffers.put(name, train, batch);
    return { placed, shapes: streams.map(([name, { indices }]) => `${name}:${indices.length}`).join() };
  }

  async function fetchPiece({ indices, weight }: MicroBatch): Promise<StepPiece> {
    const streams = Object.entries(indices) as [StreamName, Int32Array][];
    const fetched = streams.map(async ([name, list]) => {
      checkIndices(list, train);
      return [name, await train.fetch(list)] as const;
    });
    return { batches: Object.fromEntries(await Promise.all(fetched)), weight };
  }

  return {
    setScalars(values) {
      for (const [name, value] of Object.entries(values)) {
        const scalar = scalars[name];
        if (scalar) writeTensor(scalar, Float32Array.of(value));
        else scalars[name] = tf.keep(tf.scalar(value));
      }
    },
    fetch: (indices) => Promise.all(microBatches(indices, microBatch).map(fetchPiece)),
    async run(pieces, number) {
      if (counter) writeTensor(counter, Int32Array.of(number));
      if (pieces.length === 1) {
        const { placed, shapes } = put(pieces[0]!);
        const { value } = await runner.run(shapes, () => wholeStep(placed));
        return { loss: value.then(([loss]) => loss!) };
      }
      const into = (sums ??= zeroSums(optimizer.variables));
      const parts: Promise<Float32Array>[] = [];
      for (const piece of pieces) {
        const { weight } = piece;
        const { placed, shapes } = put(piece);
        const { value } = await runner.run(`${shapes}/${weight}`, () => addGradients(placed, weight, into));
        // A later piece may fail first, as when the device is lost; nobody waits for this one then.
        value.catch(() => undefined);
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
