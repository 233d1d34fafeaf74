import * as tf from '@tensorflow/tfjs-core';
import type { LabDevice } from '../src/lab/gpu/device';
import { captureStep } from '../src/lab/gpu/plan';
import { type Products, productsOf, setProducts, type TilingChoice } from '../src/lab/gpu/products';
import { operandsFor } from '../src/lab/train/tuning';
import type { BenchCase } from './cases';
import { trainingGflop } from './flops';
import { type Contestant, finishDeviceWork, onDevice, type Timing, timeInTurns } from './measure';
import { benchNetwork } from './network';
import { yardstick } from './yardstick';

/** Who is timed: a captured step, the same by the tilings of a trial or with half-precision operands, a captured batch, the step on the tape, the yardstick, and the same step in TF.js and jax-js. */
export type ContestantName =
  | 'replay'
  | 'tuned'
  | 'half'
  | 'evaluation'
  | 'tape'
  | 'yardstick'
  | 'stock'
  | 'jax';

/** One network on one adapter. */
export interface Measured {
  network: string;
  batch: number;
  /** Timed rounds, of which `median` is the middle. */
  rounds: number;
  /** Of those that have come in. */
  milliseconds: Record<'replay' | 'evaluation' | 'yardstick', Timing> &
    Partial<Record<ContestantName, Timing>>;
  /** The first step: captured, compiled without a cache, executed once. */
  firstStepSeconds: number;
  kernels: Record<string, number>;
  planBytes: number;
  /** See `Plan.movedBytes`. */
  movedBytes: number;
  constantBytes: number;
  /** Parameters of the network. */
  parameters: number;
  /** Products and convolutions of a training step. */
  gflop: number;
  yardstickGflops: number;
}

export interface CaseOptions {
  /** jax-js's step, timed in turns with ours; undefined where it finds no WebGPU. */
  jax?: () => Promise<Contestant | undefined>;
  /**
   * Who comes in after the captured steps and the yardstick, one group after the other. Each time all that are in are timed anew, so
   * that ratios are of the same turns. Default: all at once.
   */
  groups?: ContestantName[][];
  /** What a trial chose for tiled products; without it, or where products are not tiled, nothing is `tuned`. */
  tilings?: TilingChoice;
  /** Gets what is known after each round: a contestant that hangs then costs its own numbers only. */
  tell?: (measured: Measured) => void;
}

/** Runs between two waits on a fast device, where waiting after each would dominate. */
const GPU_REPEATS = 10;
const OTHERS: ContestantName[] = ['tuned', 'half', 'tape', 'stock', 'jax'];

export async function runCase(
  { name, spec, batch, side, rounds }: BenchCase,
  device: LabDevice,
  { jax, tilings, groups = [OTHERS], tell }: CaseOptions = {},
): Promise<Measured> {
  const { software } = device.description;
  const captured = benchNetwork(spec, batch, side, 'lethe');
  const start = performance.now();
  const plan = await captureStep(captured.train);
  plan.replay();
  await finishDeviceWork(device);
  const firstStepSeconds = (performance.now() - start) / 1000;
  const evaluation = await captureStep(captured.evaluate);
  const { gflop, ...product } = await yardstick(device.gpu, software);
  const kernels: Record<string, number> = {};
  for (const kernel of plan.kernels) kernels[kernel] = (kernels[kernel] ?? 0) + 1;
  const onTape = (engine: 'lethe' | 'stock') => {
    const network = benchNetwork(spec, batch, side, engine);
    return onDevice(device, () => tf.tidy(() => void network.train()));
  };
  const capturedWith = async (products: Partial<Products>) => {
    const usual = productsOf(device.backend);
    setProducts(device.backend, { ...usual, ...products });
    const step = await captureStep(benchNetwork(spec, batch, side, 'lethe').train);
    setProducts(device.backend, usual);
    return onDevice(device, () => step.replay());
  };
  const contestants: Partial<Record<ContestantName, Contestant>> = {
    replay: onDevice(device, () => plan.replay()),
    evaluation: onDevice(device, () => evaluation.replay()),
    yardstick: product,
  };
  const others: Partial<Record<ContestantName, () => Contestant | Promise<Contestant | undefined>>> = {
    tape: () => onTape('lethe'),
    stock: () => onTape('stock'),
    ...(tilings &&
      productsOf(device.backend).variant === 'tiled' && { tuned: () => capturedWith({ tilings }) }),
    half: () => capturedWith({ operands: operandsFor(device, 'float16') }),
    ...(jax && { jax }),
  };
  const compiled: Partial<Record<ContestantName, number>> = {};
  const known = {
    network: name,
    batch,
    firstStepSeconds,
    kernels,
    planBytes: plan.bytes,
    movedBytes: plan.movedBytes,
    constantBytes: plan.constantBytes,
    parameters: spec.size,
    gflop: trainingGflop(spec.config, batch, side),
  };
  let measured: Measured | undefined;
  for (const group of groups) {
    for (const other of group) {
      const made = await others[other]?.();
      if (made) contestants[other] = made;
    }
    await timeInTurns(
      contestants as Record<ContestantName, Contestant>,
      rounds,
      software ? 1 : GPU_REPEATS,
      (milliseconds, done) => {
        for (const [who, time] of Object.entries(milliseconds) as [ContestantName, Timing][])
          time.first = compiled[who] ??= time.first;
        const yardstickGflops = (1000 * gflop) / milliseconds.yardstick.median;
        measured = { ...known, rounds: done, milliseconds, yardstickGflops };
        tell?.(measured);
      },
    );
  }
  return measured!;
}
