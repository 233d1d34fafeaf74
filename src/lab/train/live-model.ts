import * as tf from '@tensorflow/tfjs-core';
import { accumulate } from '../gpu/accumulate';
import type { DeviceImages } from '../gpu/dataset';
import { operations } from '../gpu/ops';
import { fromDevice } from '../nn/layout';
import type { ModelSpec, ParameterSpec } from '../nn/spec';
import { type ParameterTensors, sizeOf } from '../tensors';
import { evaluationBatches } from './batches';
import { checkIndices, type DeviceData } from './device-data';
import type { Control, LiveModel } from './engine';
import { createIndexBuffers, type IndexBuffers } from './index-buffers';
import { createNetwork, type ReadTensor, readAll, zeroVariables } from './network';
import { readback } from './readback';
import { createRunner, type Runner } from './runner';
import { trainLoop } from './train-loop';
import type { Batch } from './trainer';

/** Batches that the host records before it waits for the device, in evaluation and scoring. */
const BATCHES_AHEAD = 2;

/** What the engine gives its models. */
export interface ModelHost {
  /** The current data set. @throws LetheError when there is none. */
  data(): DeviceData;
  read: ReadTensor;
  /** Whether steps are captured and replayed. */
  captures: boolean;
  /** The device is a CPU rasteriser. */
  software: boolean;
  /** Throws when the device has failed. */
  check(): void;
}

/** Plans of repeated batches, and the index lists that they read. */
interface Workspace {
  runner: Runner;
  buffers: IndexBuffers;
}

/** A network on the engine's device. */
export function createLiveModel(spec: ModelSpec, host: ModelHost): LiveModel {
  const network = createNetwork(spec, host.read);
  // The same few samples are evaluated after every epoch: what was captured for them is kept.
  let evaluation: (Workspace & { data: DeviceData }) | undefined;

  const openWorkspace = (): Workspace => ({
    runner: createRunner(host.read, host.captures),
    buffers: createIndexBuffers(),
  });

  function evaluationWorkspace(data: DeviceData): Workspace {
    if (evaluation?.data !== data) {
      closeWorkspace(evaluation);
      evaluation = { ...openWorkspace(), data };
    }
    return evaluation;
  }

  async function outputs(
    split: 'train' | 'test',
    indices: Int32Array,
    control?: Control,
  ): Promise<Float32Array> {
    const data = host.data();
    const { classes } = spec.config;
    const logits = new Float32Array(indices.length * classes);
    await walk(
      evaluationWorkspace(data),
      split,
      evaluationBatches(indices, evaluationBatch(data.shape, host.software)),
      data[split],
      control,
      ({ images }) => network.logits(images, false),
      (at, part) => logits.set(part.subarray(0, logits.length - at * classes), at * classes),
    );
    return logits;
  }

  async function gradient(
    batches: Int32Array[],
    control?: Control,
    options?: { square?: boolean },
  ): Promise<ParameterTensors> {
    const sums = zeroVariables(spec.parameters);
    const variables = spec.parameters.map(({ name }) => network.variables[name]!);
    const workspace = openWorkspace();
    try {
      await walk(workspace, 'train', whole(batches), host.data().train, control, ({ images, labels }) => {
        const { value, grads } = tf.variableGrads(
          () => operations.crossEntropy(network.logits(images, false), labels),
          variables,
        );
        for (const { name } of spec.parameters)
          accumulate(sums[name]!, grads[network.variables[name]!.name]!, options);
        return value;
      });
      return await readAll(spec.parameters, sums, host.read);
    } finally {
      closeWorkspace(workspace);
      tf.dispose(sums);
    }
  }

  async function exampleGradients(
    indices: Int32Array,
    names: string[],
    take: (at: number, gradient: ParameterTensors) => void,
    control?: Control,
  ): Promise<void> {
    const parameters = spec.parameters.filter(({ name }) => names.includes(name));
    const variables = parameters.map(({ name }) => network.variables[name]!);
    const workspace = openWorkspace();
    const single = Array.from(indices, (index) => ({ indices: Int32Array.of(index), count: 1 }));
    const work = ({ images, labels }: Batch) => {
      const { grads } = tf.variableGrads(
        () => operations.crossEntropy(network.logits(images, false), labels),
        variables,
      );
      return tf.concat(variables.map(({ name }) => tf.reshape(grads[name]!, [-1])));
    };
    try {
      await walk(workspace, 'train', single, host.data().train, control, work, (at, values) =>
        take(at, splitTensors(parameters, values)),
      );
    } finally {
      closeWorkspace(workspace);
    }
  }

  /**
   * The same work on every batch; what it returns is read back a few batches later, which bounds the device's queue.
   * @param use tells different work in one workspace apart.
   * @param batches that follow each other; only the last may repeat images, to fill a shape.
   */
  async function walk(
    { runner, buffers }: Workspace,
    use: string,
    batches: { indices: Int32Array; count: number }[],
    images: DeviceImages,
    control: Control | undefined,
    work: (batch: Batch) => tf.Tensor,
    take: (from: number, values: Float32Array) => void = () => undefined,
  ): Promise<void> {
    const total = batches.reduce((sum, { count }) => sum + count, 0);
    const reads = readback(BATCHES_AHEAD);
    let done = 0;
    for (const { indices, count } of batches) {
      host.check();
      checkIndices(indices, images);
      const list = buffers.write(use, indices);
      const { value } = await runner.run(`${use}:${indices.length}`, () => work(images.gather(list)));
      const from = done;
      await reads.add(value.then((values) => take(from, values)));
      done += count;
      await control?.tick({ done, total, unit: 'images', examples: done });
    }
    await reads.drain();
    host.check();
  }

  return {
    spec,
    load: async (weights) => network.load(weights),
    snapshot: () => network.snapshot(),
    train: (request, control, options) =>
      trainLoop({ ...host, network, data: host.data() }, request, control, options),
    outputs,
    gradient,
    exampleGradients,
    dispose() {
      closeWorkspace(evaluation);
      evaluation = undefined;
      network.dispose();
    },
  };
}

/** Host tensors from their device values, one after the other. */
function splitTensors(parameters: readonly ParameterSpec[], values: Float32Array): ParameterTensors {
  let end = 0;
  return Object.fromEntries(
    parameters.map((parameter) => {
      const from = end;
      end += sizeOf(parameter.shape);
      return [parameter.name, fromDevice(parameter, values.subarray(from, end))];
    }),
  );
}

const whole = (batches: Int32Array[]) => batches.map((indices) => ({ indices, count: indices.length }));

function closeWorkspace(workspace: Workspace | undefined): void {
  workspace?.runner.dispose();
  workspace?.buffers.dispose();
}

/**
 * Images per evaluation batch: about as many activations at any image size. A CPU rasteriser gains nothing from large batches, and
 * pausing waits for one. The batch does not change the logits.
 */
function evaluationBatch([height, width]: readonly [number, number, number], software: boolean): number {
  const largest = software ? 64 : 256;
  return Math.max(32, Math.min(largest, Math.floor(2 ** 18 / (height * width))));
}
