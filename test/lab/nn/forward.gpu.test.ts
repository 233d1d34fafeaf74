import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { type Operations, operations } from '../../../src/lab/gpu/ops';
import { stockOperations } from '../../../src/lab/gpu/stock';
import { forward } from '../../../src/lab/nn/forward';
import { initialise } from '../../../src/lab/nn/initialise';
import { deviceShape, fromDevice, toDevice } from '../../../src/lab/nn/layout';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelSpec, ResNetConfig, VitConfig } from '../../../src/lab/nn/spec';
import { randomStream } from '../../../src/lab/rng';
import { type Checkpoint, sizeOf } from '../../../src/lab/tensors';
import { expectAgreement } from '../../support/agreement';
import { deviation, type GoldenCase, readGolden, tensorsUnder } from '../../support/golden';
import { goldenWeights } from '../../support/golden-study';
import '../../support/tolerance';
import { deviceForTests } from '../../support/device';

deviceForTests();

describe.each(['forward-resnet', 'forward-vit'])('%s', (name) => {
  const golden = readGolden(name);
  const spec = specOfConfig(golden.spec.model);

  test.each(['train', 'eval'] as const)(
    '%s mode: logits, loss, gradients, running statistics',
    async (mode) => {
      const { logits, loss, gradients, running } = await pass(
        spec,
        goldenWeights(golden),
        goldenBatch(golden),
        mode === 'train',
      );
      expectAgreement(golden, `logits_${mode}`, { logits }, { logits: golden.expected[`logits_${mode}`]! });
      const data = [golden.spec.expected[`loss_${mode}`]];
      expectAgreement(golden, `loss_${mode}`, { loss }, { loss: { data } });
      expectAgreement(golden, `grad_${mode}`, gradients, tensorsUnder(golden.expected, `grad_${mode}`));
      if (mode === 'eval') expect(running).toEqual(tensorsUnder(golden.inputs, 'buffer'));
      else if (spec.buffers.length)
        expectAgreement(golden, 'running', running, tensorsUnder(golden.expected, 'running'));
    },
  );
});

const bottleneck: ResNetConfig = {
  kind: 'resnet',
  stem: 'imagenet',
  block: 'bottleneck',
  layers: [1, 1],
  widths: [3, 5],
  inChannels: 3,
  classes: 7,
};
const transformer: VitConfig = {
  kind: 'vit',
  image: 6,
  patch: 2,
  dim: 6,
  depth: 1,
  heads: 3,
  dimHead: 5,
  mlpDim: 7,
  classes: 3,
  channels: 1,
};

/** Shapes that the golden cases lack: 7×7 stem, max-pool, 1×1 convolutions, odd sizes. Both sides are float32. */
test.each([
  ['bottleneck ResNet with the ImageNet stem', bottleneck, [3, 27, 21, 3]],
  ['ViT of odd sizes', transformer, [3, 6, 6, 1]],
] as const)('%s: kernels and stock operations agree', async (_, config, shape) => {
  const spec = specOfConfig(config);
  const stream = randomStream(0, 'batch');
  const batch: HostBatch = {
    shape: [...shape],
    images: Float32Array.from({ length: sizeOf(shape) }, () => stream.uniform()),
    labels: Array.from({ length: shape[0] }, () => stream.below(config.classes)),
  };
  const weights = initialise(spec, 1);
  const ours = await pass(spec, weights, batch, true);
  const stock = await pass(spec, weights, batch, true, stockOperations);
  expect(
    deviation({ logits: ours.logits, loss: ours.loss }, { logits: stock.logits, loss: stock.loss }),
  ).toBeWithin({
    tensor: 1e-4,
    overall: 5e-5,
  });
  expect(deviation(ours.gradients, stock.gradients)).toBeWithin({ tensor: 1e-3, overall: 1e-4 });
  expect(deviation(ours.running, stock.running)).toBeWithin({ tensor: 1e-4, overall: 5e-5 });
});

interface HostBatch {
  shape: number[];
  images: Float32Array;
  labels: number[];
}

function goldenBatch({ inputs, spec }: GoldenCase): HostBatch {
  const [, ...shape] = inputs.images!.shape;
  const size = shape.reduce((product, length) => product * length, 1);
  const batch: number[] = spec.batch;
  const pixels = batch.flatMap((index) => [
    ...inputs.images!.data.subarray(index * size, (index + 1) * size),
  ]);
  return {
    shape: [batch.length, ...shape],
    images: Float32Array.from(pixels, (value) => value / 255),
    labels: batch.map((index) => inputs.labels!.data[index]!),
  };
}

/** One forward and backward pass, read back in PyTorch's layout. */
async function pass(
  spec: ModelSpec,
  weights: Checkpoint,
  batch: HostBatch,
  training: boolean,
  ops: Operations = operations,
) {
  const variables: Record<string, tf.Variable> = {};
  for (const parameter of spec.parameters)
    variables[parameter.name] = tf.variable(
      tf.tensor(toDevice(parameter, weights[parameter.name]!.data), deviceShape(parameter)),
    );
  for (const { name, shape } of spec.buffers)
    variables[name] = tf.variable(tf.tensor(weights[name]!.data.slice(), shape), false);
  const images = tf.tensor4d(batch.images, batch.shape as [number, number, number, number]);
  const labels = tf.tensor1d(batch.labels, 'int32');

  let kept: tf.Tensor2D | undefined;
  const trained = spec.parameters.map(({ name }) => variables[name]!);
  const { value, grads } = tf.variableGrads(() => {
    const logits = tf.keep(forward(spec.config, variables, { images, training }, ops));
    kept = logits;
    return ops.crossEntropy(logits, labels);
  }, trained);

  const read = async (tensor: tf.Tensor) => (await tensor.data()) as Float32Array;
  const gradients: Checkpoint = {};
  for (const parameter of spec.parameters)
    gradients[parameter.name] = fromDevice(parameter, await read(grads[variables[parameter.name]!.name]!));
  const running: Checkpoint = {};
  for (const { name, shape } of spec.buffers) running[name] = { shape, data: await read(variables[name]!) };
  const result = {
    logits: { data: await read(kept!) },
    loss: { data: await read(value) },
    gradients,
    running,
  };
  tf.dispose([kept!, value, images, labels, ...Object.values(grads), ...Object.values(variables)]);
  return result;
}
