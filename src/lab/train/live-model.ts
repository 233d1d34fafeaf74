import * as tf from '@tensorflow/tfjs-core';
import { accumulate } from '../gpu/accumulate';
import type { DeviceImages } from '../gpu/dataset';
import { operations } from '../gpu/ops';
import type { ModelSpec } from '../nn/spec';
import type { ParameterTensors } from '../tensors';
import { cut } from './batches';
import { checkIndices, type DeviceData } from './device-data';
import type { Control, LiveModel } from './engine';
import { createIndexBuffers } from './index-buffers';
import { createNetwork, type ReadTensor, readAll, zeroVariables } from './network';
import { readback } from './readback';
import { createRunner } from './runner';
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

/** A network on the engine's device. */
export function createLiveModel(spec: ModelSpec, host: ModelHost): LiveModel {
  const network = createNetwork(spec, host.read);

  async function outputs(
    split: 'train' | 'test',
    indices: Int32Array,
    control?: Control,
  ): Promise<Float32Array> {
    const data = host.data();
    const images = data[split];
    const { classes } = spec.config;
    const logits = new Float32Array(indices.length * classes);
    const size = evaluationBatch(data.shape, host.software);
    await walk(
      cut(indices, size, false),
      images,
      control,
      ({ images }) => network.logits(images, false),
      (at, part) => logits.set(part, at * classes),
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
    try {
      await walk(batches, host.data().train, control, ({ images, labels }) => {
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
      tf.dispose(sums);
    }
  }

  /** The same work on every batch; what it returns is read back a few batches later, which bounds the device's queue. */
  async function walk(
    batches: Int32Array[],
    images: DeviceImages,
    control: Control | undefined,
    work: (batch: Batch) => tf.Tensor,
    take: (from: number, values: Float32Array) => void = () => undefined,
  ): Promise<void> {
    const total = batches.reduce((sum, batch) => sum + batch.length, 0);
    const reads = readback(BATCHES_AHEAD);
    const buffers = createIndexBuffers();
    const runner = createRunner(host.read, host.captures);
    let done = 0;
    try {
      for (const batch of batches) {
        host.check();
        checkIndices(batch, images);
        const list = buffers.write('batch', batch);
        const { value } = await runner.run(`${batch.length}`, () => work(images.gather(list)));
        const from = done;
        await reads.add(value.then((values) => take(from, values)));
        done += batch.length;
        await control?.tick({ done, total, unit: 'images', examples: done });
      }
      await reads.drain();
      host.check();
    } finally {
      runner.dispose();
      buffers.dispose();
    }
  }

  return {
    spec,
    load: async (weights) => network.load(weights),
    snapshot: () => network.snapshot(),
    train: (request, control, options) =>
      trainLoop({ ...host, network, data: host.data() }, request, control, options),
    outputs,
    gradient,
    dispose: () => network.dispose(),
  };
}

/**
 * Images per evaluation batch: about as many activations at any image size. A CPU rasteriser gains nothing from large batches, and
 * pausing waits for one. The batch does not change the logits.
 */
function evaluationBatch([height, width]: readonly [number, number, number], software: boolean): number {
  const largest = software ? 64 : 256;
  return Math.max(32, Math.min(largest, Math.floor(2 ** 18 / (height * width))));
}
