import * as tf from '@tensorflow/tfjs-core';
import { type Operations, operations } from '../src/lab/gpu/ops';
import { layOutLists, packRates, sgdStep } from '../src/lab/gpu/sgd';
import { stockOperations } from '../src/lab/gpu/stock';
import { forward } from '../src/lab/nn/forward';
import { initialise } from '../src/lab/nn/initialise';
import { deviceShape, toDevice } from '../src/lab/nn/layout';
import type { ModelSpec } from '../src/lab/nn/spec';
import { randomStream } from '../src/lab/rng';

export const LR = 0.01;
export const MOMENTUM = 0.9;

/** The same noise for every engine: pixels in NHWC order, from 0 to 1, and labels below 10. */
export function noiseBatch(batch: number, side: number, channels: number) {
  const random = randomStream(0, 'bench');
  return {
    pixels: Float32Array.from({ length: batch * side * side * channels }, () => random.uniform()),
    labels: Int32Array.from({ length: batch }, () => random.below(10)),
  };
}

/** A network on one fixed batch of noise. */
export interface BenchNetwork {
  /** Forward, backward, SGD with momentum; the loss. */
  train(): tf.Tensor[];
  /** Eval-mode logits. */
  evaluate(): tf.Tensor[];
}

/** @param engine whose operations and optimizer the network uses. */
export function benchNetwork(
  spec: ModelSpec,
  batch: number,
  side: number,
  engine: 'lethe' | 'stock',
): BenchNetwork {
  const ops: Operations = engine === 'lethe' ? operations : stockOperations;
  const channels = spec.config.kind === 'resnet' ? spec.config.inChannels : spec.config.channels;
  const noise = noiseBatch(batch, side, channels);
  const images = tf.tensor4d(noise.pixels, [batch, side, side, channels]);
  const labels = tf.tensor1d(noise.labels, 'int32');
  const weights = initialise(spec, 0);
  const variables: Record<string, tf.Variable> = {};
  for (const parameter of spec.parameters)
    variables[parameter.name] = tf.variable(
      tf.tensor(toDevice(parameter, weights[parameter.name]!.data), deviceShape(parameter)),
    );
  for (const { name, shape, initial } of spec.buffers)
    variables[name] = tf.variable(tf.fill(shape, initial), false);
  const trained = spec.parameters.map(({ name }) => variables[name]!);
  const { offsets, total } = layOutLists(trained.map(({ size }) => size));
  const velocity = tf.variable(tf.zeros([total]), false);
  const rates = tf.tensor1d(packRates({ lr: LR, momentum: MOMENTUM, weightDecay: 0 }));
  const stockOptimizer = tf.train.momentum(LR, MOMENTUM);
  const logits = (training: boolean) => forward(spec.config, variables, { images, training }, ops);
  return {
    train() {
      const { value, grads } = tf.variableGrads(() => ops.crossEntropy(logits(true), labels), trained);
      if (engine === 'stock') stockOptimizer.applyGradients(grads as Record<string, tf.Variable>);
      else
        sgdStep(
          trained.map((parameter, i) => ({
            parameter,
            gradient: grads[parameter.name]!,
            offset: offsets[i]!,
          })),
          { velocity, rates },
        );
      return [value];
    },
    evaluate: () => [logits(false)],
  };
}
