import { create } from 'webgpu';
import type { Dataset } from '../src/lab/data/dataset';
import { openDevice } from '../src/lab/gpu/device';
import { captureStep } from '../src/lab/gpu/plan';
import { openEngine } from '../src/lab/train/open-engine';
import type { BenchCase } from './cases';
import { benchNetwork } from './network';

/** What a replayed training step costs the host alone. */
export interface HostCost {
  /** Median milliseconds to hand over one captured step. */
  hostMilliseconds: number;
  /** Bytes written to the device per step by the engine's training loop, beside the batch's indices (4 bytes each). */
  uploadBytes: number;
}

const REPLAYS = 60;
const STEPS = 8;

/** Runs `work` on Dawn's null backend, which checks and takes every command and executes none. */
export async function withoutDevice<T>(work: () => Promise<T>): Promise<T> {
  const real = globalThis.navigator;
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu: create(['backend=null']) },
    configurable: true,
  });
  try {
    return await work();
  } finally {
    Object.defineProperty(globalThis, 'navigator', { value: real, configurable: true });
  }
}

/** A training step as it is captured for a GPU with the lowest limits. Nothing is executed. */
export interface PlannedStep {
  network: string;
  batch: number;
  dispatches: number;
  /** See `Plan.movedBytes`. */
  movedBytes: number;
  /** Device memory that training keeps: the plan's buffers, parameters, momentum. */
  bytes: number;
}

export async function plannedStep({ name, spec, side, batch }: BenchCase): Promise<PlannedStep> {
  const device = await openDevice();
  const createBuffer = device.gpu.createBuffer.bind(device.gpu);
  // The null backend has little memory but never stores anything, so large buffers are replaced by objects that know only their size.
  device.gpu.createBuffer = (descriptor) =>
    descriptor.mappedAtCreation
      ? createBuffer(descriptor)
      : Object.defineProperty(createBuffer({ ...descriptor, size: Math.min(descriptor.size, 64) }), 'size', {
          value: descriptor.size,
        });
  const { kernels, movedBytes, bytes } = await captureStep(benchNetwork(spec, batch, side, 'lethe').train);
  device.dispose();
  return { network: name, batch, dispatches: kernels.length, movedBytes, bytes: bytes + 2 * 4 * spec.size };
}

/** The null backend has little memory, and what a step costs the host hangs on its dispatches, not on its images. */
const MOST_IMAGES = 4;

export async function hostCost({ spec, batch: whole, side }: BenchCase): Promise<HostCost> {
  const batch = Math.min(whole, MOST_IMAGES);
  const device = await openDevice();
  const plan = await captureStep(benchNetwork(spec, batch, side, 'lethe').train);
  const times: number[] = [];
  for (let i = 0; i < REPLAYS; i++) {
    const start = performance.now();
    plan.replay();
    times.push(performance.now() - start);
    await device.gpu.queue.onSubmittedWorkDone();
  }
  device.dispose();
  times.sort((a, b) => a - b);
  return {
    hostMilliseconds: times[Math.floor(times.length / 2)]!,
    uploadBytes: (await uploadBytes({ spec, batch, side })) - 4 * batch,
  };
}

/** Bytes per step that the engine's own training loop writes, once its step is captured. */
async function uploadBytes({
  spec,
  batch,
  side,
}: Pick<BenchCase, 'spec' | 'batch' | 'side'>): Promise<number> {
  const engine = await openEngine();
  const channels = spec.config.kind === 'resnet' ? spec.config.inChannels : spec.config.channels;
  const images = new Uint8Array(batch * side * side * channels);
  const split = { images, labels: new Int32Array(batch), count: batch };
  const dataset: Dataset = {
    id: 'blank',
    classes: Array.from({ length: 10 }, String),
    shape: [side, side, channels],
    train: split,
    test: split,
  };
  await engine.useDataset(dataset);
  const model = await engine.createModel(spec);
  const indices = Int32Array.from({ length: batch }, (_, i) => i);
  const prototypes = [GPUQueue.prototype, GPUDevice.prototype] as const;
  const { writeBuffer } = prototypes[0];
  const { createBuffer } = prototypes[1];
  let counted = 0;
  let counting = false;
  prototypes[0].writeBuffer = function (this: GPUQueue, ...args: Parameters<typeof writeBuffer>) {
    if (counting) counted += (args[2] as ArrayBufferView).byteLength;
    return writeBuffer.apply(this, args);
  } as typeof writeBuffer;
  prototypes[1].createBuffer = function (descriptor) {
    if (counting && descriptor.mappedAtCreation) counted += descriptor.size;
    return createBuffer.call(this, descriptor);
  };
  try {
    await model.train(
      {
        objective: ({ retain }, { logits, crossEntropy }) => crossEntropy(logits(retain!), retain!.labels),
        recipe: { epochs: 1, lr: 0.01, batch, momentum: 0.9, weightDecay: 0, floor: 1 },
        steps: () => Array.from({ length: STEPS + 1 }, () => ({ retain: indices })),
      },
      {
        // The first step is captured and not replayed, so what it writes is not counted.
        tick: async ({ done }) => {
          counting = done <= STEPS;
        },
      },
    );
  } finally {
    prototypes[0].writeBuffer = writeBuffer;
    prototypes[1].createBuffer = createBuffer;
    engine.dispose();
  }
  return counted / STEPS;
}
