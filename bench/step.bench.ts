import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type LabDevice, openDevice } from '../src/lab/gpu/device';
import { type Operations, operations } from '../src/lab/gpu/ops';
import { capture, type Plan } from '../src/lab/gpu/plan';
import { packRates, sgdStep } from '../src/lab/gpu/sgd';
import { stockOperations } from '../src/lab/gpu/stock';
import { forward } from '../src/lab/nn/forward';
import { initialise } from '../src/lab/nn/initialise';
import { deviceShape, toDevice } from '../src/lab/nn/layout';
import { specOf } from '../src/lab/nn/models';
import type { ModelSpec } from '../src/lab/nn/spec';
import { randomStream } from '../src/lab/rng';
import { finish, interleaved, report } from './measure';

const LR = 0.01;
const MOMENTUM = 0.9;

/** A training step of one network on one fixed batch: forward, backward, SGD with momentum. */
function trainingStep(
  spec: ModelSpec,
  batch: number,
  side: number,
  ops: Operations,
  stockOptimizer: boolean,
) {
  const channels = spec.config.kind === 'resnet' ? spec.config.inChannels : spec.config.channels;
  const random = randomStream(0, 'bench');
  const images = tf.tensor4d(
    Float32Array.from({ length: batch * side * side * channels }, () => random.uniform()),
    [batch, side, side, channels],
  );
  const labels = tf.tensor1d(
    Int32Array.from({ length: batch }, () => random.below(10)),
    'int32',
  );
  const weights = initialise(spec, 0);
  const variables: Record<string, tf.Variable> = {};
  for (const parameter of spec.parameters)
    variables[parameter.name] = tf.variable(
      tf.tensor(toDevice(parameter, weights[parameter.name]!.data), deviceShape(parameter)),
    );
  for (const { name, shape, initial } of spec.buffers)
    variables[name] = tf.variable(tf.fill(shape, initial), false);
  const trained = spec.parameters.map(({ name }) => variables[name]!);
  const velocities = trained.map((parameter) => tf.variable(tf.zerosLike(parameter)));
  const rates = tf.tensor1d(packRates({ lr: LR, momentum: MOMENTUM, weightDecay: 0 }));
  const optimizer = tf.train.momentum(LR, MOMENTUM);
  return () => {
    const { value, grads } = tf.variableGrads(
      () => ops.crossEntropy(forward(spec.config, variables, { images, training: true }, ops), labels),
      trained,
    );
    if (stockOptimizer) optimizer.applyGradients(grads as Record<string, tf.Variable>);
    else
      sgdStep(
        trained.map((parameter, i) => ({
          parameter,
          velocity: velocities[i]!,
          gradient: grads[parameter.name]!,
        })),
        rates,
      );
    return [value];
  };
}

/** Milliseconds that the host needs to hand over one replay. */
async function hostTime(device: LabDevice, plan: Plan): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const start = performance.now();
    plan.replay();
    times.push(performance.now() - start);
    await finish(device);
  }
  return times.sort((a, b) => a - b)[4]!;
}

it.each([
  ['resnet8', 64, 28, 5],
  ['resnet18', 8, 32, 2],
] as const)(
  '%s, batch %i: stock, own kernels on the tape, captured and replayed',
  async (id, batch, side, rounds) => {
    const device = await openDevice();
    const classes = Array.from({ length: 10 }, String);
    const spec = specOf({ id }, { shape: [side, side, id === 'resnet8' ? 1 : 3], classes });
    const stock = trainingStep(spec, batch, side, stockOperations, true);
    const own = trainingStep(spec, batch, side, operations, false);
    const captured = trainingStep(spec, batch, side, operations, false);
    const start = performance.now();
    const plan = await capture(captured);
    plan.replay();
    await finish(device);
    const cold = performance.now() - start;
    const times = await interleaved(
      device,
      {
        replay: () => plan.replay(),
        tape: () => tf.tidy(() => void own()),
        stock: () => tf.tidy(() => void stock()),
      },
      rounds,
    );
    const result = {
      milliseconds: times,
      timesFasterThanStock: times.stock.median / times.replay.median,
      firstCapturedStep: cold,
      dispatches: plan.kernels.length,
      hostMillisecondsPerReplay: await hostTime(device, plan),
      planBytes: plan.bytes,
      constantBytes: plan.constantBytes,
    };
    console.log(id, result);
    report(`step-${id}`, device, result);
    expect(device.check).not.toThrow();
    device.dispose();
  },
);
