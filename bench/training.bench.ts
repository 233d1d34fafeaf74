import { cpus, loadavg } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, it } from 'vitest';
import { type LabDevice, openDevice } from '../src/lab/gpu/device';
import { matmul } from '../src/lab/gpu/matmul';
import { capture } from '../src/lab/gpu/plan';
import type { DeviceDescription } from '../src/lab/study/result';
import { type BenchCase, cases } from './cases';
import { finish, interleaved, report, type Timing, table } from './measure';
import { benchNetwork } from './network';
import { type HostCost, hostCost, plannedBytes, withoutDevice } from './without-device';

interface Measured extends HostCost {
  network: string;
  batch: number;
  milliseconds: Record<'replay' | 'tape' | 'stock' | 'evaluation' | 'yardstick', Timing>;
  /** Captured, compiled from nothing and executed once. */
  firstStepSeconds: number;
  kernels: Record<string, number>;
  planBytes: number;
  constantBytes: number;
  yardstickGflops: number;
}

const results: Measured[] = [];
let adapter: DeviceDescription | undefined;
const load = loadavg()[0]!;

/** Side of the square matrices whose product is the yardstick. */
const SIDE = 512;

/** One product by a kernel in plain WGSL, without TF.js around it: how fast this device multiplies at the moment. */
function yardstick(): () => void {
  const [a, b] = [tf.randomUniform([SIDE, SIDE]), tf.randomUniform([SIDE, SIDE])];
  return () => matmul(a, b, [SIDE, SIDE, SIDE], [SIDE, SIDE]).dispose();
}

async function measure({ name, spec, batch, side, rounds }: BenchCase, device: LabDevice, host: HostCost) {
  const stock = benchNetwork(spec, batch, side, 'stock');
  const tape = benchNetwork(spec, batch, side, 'lethe');
  const captured = benchNetwork(spec, batch, side, 'lethe');
  const start = performance.now();
  const plan = await capture(captured.train);
  plan.replay();
  await finish(device);
  const firstStepSeconds = (performance.now() - start) / 1000;
  const evaluation = await capture(captured.evaluate);
  const milliseconds = await interleaved(
    device,
    {
      replay: () => plan.replay(),
      evaluation: () => evaluation.replay(),
      tape: () => tf.tidy(() => void tape.train()),
      yardstick: yardstick(),
      stock: () => tf.tidy(() => void stock.train()),
    },
    rounds,
  );
  const kernels: Record<string, number> = {};
  for (const kernel of plan.kernels) kernels[kernel] = (kernels[kernel] ?? 0) + 1;
  results.push({
    network: name,
    batch,
    ...host,
    milliseconds,
    firstStepSeconds,
    kernels,
    planBytes: plan.bytes,
    constantBytes: plan.constantBytes,
    yardstickGflops: (2 * SIDE ** 3) / 1e6 / milliseconds.yardstick.median,
  });
}

/** A measured network as a line of the table. */
function row(result: Measured): Record<string, string | number> {
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0);
  const { replay, tape, stock, evaluation } = result.milliseconds;
  return {
    network: `${result.network} × ${result.batch}`,
    'replay ms': ms(replay.median),
    'tape ms': ms(tape.median),
    'stock ms': ms(stock.median),
    'stock / replay': (stock.median / replay.median).toFixed(1),
    'evaluation / training': (evaluation.median / replay.median).toFixed(2),
    dispatches: Object.values(result.kernels).reduce((sum, count) => sum + count, 0),
    'host ms': ms(result.hostMilliseconds),
    'upload B': result.uploadBytes,
    'first step s': result.firstStepSeconds.toFixed(1),
    'plan MB': (result.planBytes / 1e6).toFixed(0),
    'matmul GFLOP/s': result.yardstickGflops.toFixed(1),
  };
}

it.each(cases)('$name, batch $batch', async (benchCase) => {
  const host = await withoutDevice(() => hostCost(benchCase));
  const device = await openDevice();
  adapter = device.description;
  await measure(benchCase, device, host);
  // A long run shows what it has.
  console.log(table(results.slice(-1).map(row)));
  expect(device.check).not.toThrow();
  device.dispose();
});

afterAll(async () => {
  const resnet18 = cases.find(({ name }) => name === 'resnet18')!;
  const planned = await withoutDevice(() => plannedBytes(resnet18, 128));
  console.log(table(results.map(row)));
  console.log(`ResNet-18 at batch 128 plans ${(planned / 1e9).toFixed(2)} GB on the device.`);
  console.log('jax-js is not measured: it is no dependency of this package.');
  report(adapter!, {
    host: { processors: cpus().length, loadAtStart: load },
    plannedBytesResnet18Batch128: planned,
    results,
  });
});
