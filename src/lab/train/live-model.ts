import * as tf from '@tensorflow/tfjs-core';
import { accumulate } from '../gpu/accumulate';
import { operations } from '../gpu/ops';
import type { ModelSpec } from '../nn/spec';
import type { ParameterTensors } from '../tensors';
import { checkIndices, type DeviceData } from './device-data';
import type { Control, LiveModel } from './engine';
import { createIndexBuffers } from './index-buffers';
import { createNetwork, type ReadTensor, readAll, zeroVariables } from './network';
import { readback } from './readback';
import { trainLoop } from './train-loop';

/** Batches that the host records before it waits for the device, in evaluation and scoring. */
const BATCHES_AHEAD = 2;

/** What the engine gives its models. */
export interface ModelHost {
  /** The current data set. @throws LetheError when there is none. */
  data(): DeviceData;
  read: ReadTensor;
  /** Throws when the device has failed. */
  check(): void;
}

/** A network on the engine's device. */
export function createLiveModel(spec: ModelSpec, host: ModelHost): LiveModel {
  const network = createNetwork(spec, host.read);
  const buffers = createIndexBuffers();

  async function outputs(
    split: 'train' | 'test',
    indices: Int32Array,
    control?: Control,
  ): Promise<Float32Array> {
    const data = host.data();
    const images = data[split];
    const { classes } = spec.config;
    const logits = new Float32Array(indices.length * classes);
    const size = evaluationBatch(data.shape);
    const reads = readback(BATCHES_AHEAD);
    for (let from = 0; from < indices.length; from += size) {
      host.check();
      const list = indices.subarray(from, from + size);
      checkIndices(list, images);
      const part = tf.tidy(() => network.logits(images.gather(buffers.write('outputs', list)).images, false));
      await reads.add(take(part, from * classes));
      const done = from + list.length;
      await control?.tick({ done, total: indices.length, unit: 'images', examples: done });
    }
    await reads.drain();
    return logits;

    async function take(part: tf.Tensor, at: number): Promise<void> {
      logits.set(await host.read(part), at);
      part.dispose();
    }
  }

  async function gradient(
    batches: Int32Array[],
    control?: Control,
    options?: { square?: boolean },
  ): Promise<ParameterTensors> {
    const { train } = host.data();
    const sums = zeroVariables(spec.parameters);
    const variables = spec.parameters.map(({ name }) => network.variables[name]!);
    const total = batches.reduce((sum, batch) => sum + batch.length, 0);
    const losses = readback(BATCHES_AHEAD);
    let done = 0;
    try {
      for (const batch of batches) {
        host.check();
        checkIndices(batch, train);
        const loss = tf.tidy(() => {
          const { images, labels } = train.gather(buffers.write('gradient', batch));
          const { value, grads } = tf.variableGrads(
            () => operations.crossEntropy(network.logits(images, false), labels),
            variables,
          );
          for (const { name } of spec.parameters)
            accumulate(sums[name]!, grads[network.variables[name]!.name]!, options);
          return value;
        });
        // The loss itself is not needed: reading it keeps the host from running ahead.
        await losses.add(host.read(loss).then(() => loss.dispose()));
        done += batch.length;
        await control?.tick({ done, total, unit: 'images', examples: done });
      }
      await losses.drain();
      return await readAll(spec.parameters, sums, host.read);
    } finally {
      tf.dispose(sums);
    }
  }

  return {
    spec,
    load: async (weights) => network.load(weights),
    snapshot: () => network.snapshot(),
    train: (request, control, options) =>
      trainLoop(
        { network, data: host.data(), read: host.read, check: host.check },
        request,
        control,
        options,
      ),
    outputs,
    gradient,
    dispose() {
      network.dispose();
      buffers.dispose();
    },
  };
}

/** Images per evaluation batch: about as many activations at any image size, between 32 and 256 images. */
function evaluationBatch([height, width]: readonly [number, number, number]): number {
  return Math.max(32, Math.min(256, Math.floor(2 ** 18 / (height * width))));
}
