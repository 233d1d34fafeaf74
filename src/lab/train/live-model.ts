import * as tf from '@tensorflow/tfjs-core';
import { accumulateGradient, clearVariable } from '../gpu/accumulate';
import type { DeviceImages } from '../gpu/dataset';
import { PlanMemory } from '../gpu/memory';
import { operations } from '../gpu/ops';
import { activationLayers } from '../nn/activation-layers';
import { fromDevice } from '../nn/layout';
import type { ModelSpec, ParameterSpec } from '../nn/spec';
import { type ParameterTensors, sizeOf } from '../tensors';
import { activationGrams, activationMeans } from './activations';
import { type BatchBuffers, createBatchBuffers } from './batch-buffers';
import { evaluationBatch, evaluationBatches } from './batches';
import { checkIndices, type DeviceData } from './device-data';
import type { Control, LiveModel } from './engine';
import { largest } from './largest';
import { microBatches } from './micro-batches';
import { nearestDistances } from './nearest-distances';
import { createNetwork, type ReadTensor, readAll, zeroVariables } from './network';
import { prefetched } from './prefetch';
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

/** Plans of repeated batches, and the places that they read them from. */
interface Workspace {
  runner: Runner;
  buffers: BatchBuffers;
}

/** A network on the engine's device. */
export function createLiveModel(
  spec: ModelSpec,
  host: ModelHost,
  { microBatch: evaluated }: { microBatch?: number } = {},
): LiveModel {
  const network = createNetwork(spec, host.read);
  const memory = new PlanMemory();
  // The same few samples are evaluated after every epoch, so the plans captured for them are kept until the data set changes.
  let evaluation: (Workspace & { data: DeviceData }) | undefined;

  const openWorkspace = (): Workspace => ({
    runner: createRunner({ ...host, memory }),
    buffers: createBatchBuffers(),
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
      evaluationBatches(indices, evaluationBatch(data.shape, host.software, evaluated)),
      data[split],
      control,
      ({ images }) => network.logits(images, false),
      (at, part) => logits.set(part.subarray(0, logits.length - at * classes), at * classes),
    );
    return logits;
  }

  async function layerMeans(
    split: 'train' | 'test',
    indices: Int32Array,
    layers: readonly string[],
    receive: (from: number, rows: Float32Array) => void,
    control?: Control,
  ): Promise<void> {
    const data = host.data();
    const row = activationLayers(spec.config)
      .filter(({ name }) => layers.includes(name))
      .reduce((sum, { width }) => sum + width, 0);
    const workspace = openWorkspace();
    try {
      await walk(
        workspace,
        split,
        evaluationBatches(indices, evaluationBatch(data.shape, host.software, evaluated)),
        data[split],
        control,
        ({ images }) => activationMeans(network, images, layers),
        (from, rows) => receive(from, rows.subarray(0, (indices.length - from) * row)),
      );
    } finally {
      closeWorkspace(workspace);
    }
  }

  async function gradient(
    batches: Int32Array[],
    control?: Control,
    { square = false, microBatch }: { square?: boolean; microBatch?: number } = {},
  ): Promise<ParameterTensors> {
    const variables = spec.parameters.map(({ name }) => network.variables[name]!);
    const pieces = batches.flatMap((batch) => piecesOf(batch, microBatch));
    const sums = zeroVariables(spec.parameters);
    // Squares are taken of a whole batch's gradient, so the gradients of its pieces are added up first.
    const collects = square && pieces.some(({ weight }) => weight < 1);
    const whole = collects ? zeroVariables(spec.parameters) : undefined;
    const workspace = openWorkspace();
    const add = ({ images, labels }: Batch, { weight, last }: Piece) => {
      const { value, grads } = tf.variableGrads(() => {
        const loss = operations.crossEntropy(network.logits(images, false), labels);
        return weight === 1 ? loss : tf.mul(loss, weight);
      }, variables);
      for (const { name } of spec.parameters) {
        const term = grads[network.variables[name]!.name]!;
        if (!whole) accumulateGradient(sums[name]!, term, { square });
        else {
          accumulateGradient(whole[name]!, term);
          if (!last) continue;
          accumulateGradient(sums[name]!, whole[name]!, { square });
          clearVariable(whole[name]!);
        }
      }
      return value;
    };
    try {
      await walk(workspace, 'train', pieces, host.data().train, control, add);
      return await readAll(spec.parameters, sums, host.read);
    } finally {
      closeWorkspace(workspace);
      tf.dispose(sums);
      if (whole) tf.dispose(whole);
    }
  }

  async function exampleGradients(
    indices: Int32Array,
    names: string[],
    receive: (at: number, gradient: ParameterTensors) => void,
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
        receive(at, splitTensors(parameters, values)),
      );
    } finally {
      closeWorkspace(workspace);
    }
  }

  /**
   * Does the same work on every batch. What it returns is read back a few batches later, which bounds the device's queue.
   * @param batches in order; only the last may repeat images, to fill a shape. Where `work` does different things on batches of one
   * shape, their `variant` must differ.
   */
  async function walk<Item extends { indices: Int32Array; count: number; variant?: string }>(
    { runner, buffers }: Workspace,
    use: string,
    batches: Item[],
    images: DeviceImages,
    control: Control | undefined,
    work: (batch: Batch, item: Item) => tf.Tensor,
    receive: (from: number, values: Float32Array) => void = () => undefined,
  ): Promise<void> {
    const total = batches.reduce((sum, { count }) => sum + count, 0);
    const reads = readback(BATCHES_AHEAD);
    let done = 0;
    const fetch = async ({ indices }: Item) => {
      checkIndices(indices, images);
      return images.fetch(indices);
    };
    for await (const [item, batch] of prefetched(batches, fetch)) {
      const { indices, count, variant = '' } = item;
      host.check();
      const placed = buffers.put(use, images, batch);
      const key = `${use}:${indices.length}${variant}`;
      const { value } = await runner.run(key, () => work(images.gather(placed), item));
      const from = done;
      await reads.add(value.then((values) => receive(from, values)));
      done += count;
      await control?.tick({ done, total, counted: 'images', examples: done });
    }
    await reads.drain();
    host.check();
  }

  return {
    spec,
    load: async (weights) => network.load(weights),
    snapshot: () => network.snapshot(),
    train: (request, control, options) =>
      trainLoop({ ...host, memory, network, data: host.data() }, request, control, options),
    outputs,
    grams: (split, indices, control) =>
      activationGrams({
        ...host,
        network,
        images: host.data()[split],
        indices,
        batch: evaluationBatch(host.data().shape, host.software, evaluated),
        control,
      }),
    layerMeans,
    gradient,
    nearestDistances: (points, references, width) => nearestDistances(points, references, width, host.read),
    largest: (scores, wanted) => largest(scores, wanted, host.read),
    exampleGradients,
    dispose() {
      closeWorkspace(evaluation);
      evaluation = undefined;
      memory.dispose();
      network.dispose();
    },
  };
}

/** A batch or a part of one, with its share of the batch's mean. */
interface Piece {
  indices: Int32Array;
  count: number;
  weight: number;
  /** The batch is complete with it. */
  last: boolean;
  variant: string;
}

function piecesOf(batch: Int32Array, microBatch: number | undefined): Piece[] {
  const pieces = microBatches({ retain: batch }, microBatch);
  return pieces.map(({ indices: { retain }, weight }, at) => {
    const last = at + 1 === pieces.length;
    return { indices: retain!, count: retain!.length, weight, last, variant: `/${weight}/${last}` };
  });
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

function closeWorkspace(workspace: Workspace | undefined): void {
  workspace?.runner.dispose();
  workspace?.buffers.dispose();
}
