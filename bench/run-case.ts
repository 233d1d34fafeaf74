import * as tf from '@tensorflow/tfjs-core';
import type { LabDevice } from '../src/lab/gpu/device';
import { captureStep } from '../src/lab/gpu/plan';
import type { BenchCase } from './cases';
import { trainingGflop } from './flops';
import { type Contestant, finishDeviceWork, onDevice, type Timing, timeInTurns } from './measure';
import { benchNetwork } from './network';
import { yardstick } from './yardstick';

/** One network on one adapter. */
export interface Measured {
  network: string;
  batch: number;
  /** Timed rounds, of which `median` is the middle. */
  rounds: number;
  milliseconds: Record<'replay' | 'tape' | 'stock' | 'evaluation' | 'yardstick', Timing> & { jax?: Timing };
  /** The first step: captured, compiled without a cache, executed once. */
  firstStepSeconds: number;
  kernels: Record<string, number>;
  planBytes: number;
  constantBytes: number;
  /** Products and convolutions of a training step. */
  gflop: number;
  yardstickGflops: number;
}

/** Runs between two waits on a fast device, where waiting after each would dominate. */
const GPU_REPEATS = 10;

/** @param jax jax-js's step, timed in turns with ours. */
export async function runCase(
  { name, spec, batch, side, rounds }: BenchCase,
  device: LabDevice,
  jax?: Contestant,
): Promise<Measured> {
  const { software } = device.description;
  const stock = benchNetwork(spec, batch, side, 'stock');
  const tape = benchNetwork(spec, batch, side, 'lethe');
  const captured = benchNetwork(spec, batch, side, 'lethe');
  const start = performance.now();
  const plan = await captureStep(captured.train);
  plan.replay();
  await finishDeviceWork(device);
  const firstStepSeconds = (performance.now() - start) / 1000;
  const evaluation = await captureStep(captured.evaluate);
  const { gflop, ...product } = await yardstick(device.gpu, software);
  const contestants = {
    replay: onDevice(device, () => plan.replay()),
    evaluation: onDevice(device, () => evaluation.replay()),
    tape: onDevice(device, () => tf.tidy(() => void tape.train())),
    yardstick: product,
    stock: onDevice(device, () => tf.tidy(() => void stock.train())),
  };
  const milliseconds = await timeInTurns(
    jax ? { ...contestants, jax } : contestants,
    rounds,
    software ? 1 : GPU_REPEATS,
  );
  const kernels: Record<string, number> = {};
  for (const kernel of plan.kernels) kernels[kernel] = (kernels[kernel] ?? 0) + 1;
  return {
    network: name,
    batch,
    rounds,
    milliseconds,
    firstStepSeconds,
    kernels,
    planBytes: plan.bytes,
    constantBytes: plan.constantBytes,
    gflop: trainingGflop(spec.config, batch, side),
    yardstickGflops: (1000 * gflop) / milliseconds.yardstick.median,
  };
}
