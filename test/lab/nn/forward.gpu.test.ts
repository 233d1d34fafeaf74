import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { crossEntropy } from '../../../src/lab/gpu/ops';
import { forward } from '../../../src/lab/nn/forward';
import { deviceShape, fromDevice, toDevice } from '../../../src/lab/nn/layout';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelSpec } from '../../../src/lab/nn/spec';
import type { Checkpoint } from '../../../src/lab/tensors';
import '../../support/tolerance';
import { deviation, type GoldenCase, readGolden, under } from '../../support/golden';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

describe.each(['forward-resnet', 'forward-vit'])('%s', (name) => {
  const golden = readGolden(name);
  const spec = specOfConfig(golden.spec.model);

  test.each(['train', 'eval'] as const)(
    '%s mode: logits, loss, gradients, running statistics',
    async (mode) => {
      const { logits, loss, gradients, running } = await pass(golden, spec, mode === 'train');
      expect(deviation({ logits }, { logits: golden.expected[`logits_${mode}`]! })).toBeWithin(
        golden.spec.tolerance[`logits_${mode}`],
      );
      expect(deviation({ loss }, { loss: { data: [golden.spec.expected[`loss_${mode}`]] } })).toBeWithin(
        golden.spec.tolerance[`loss_${mode}`],
      );
      expect(deviation(gradients, under(golden.expected, `grad_${mode}`))).toBeWithin(
        golden.spec.tolerance[`grad_${mode}`],
      );
      const before = under(golden.inputs, 'buffer');
      if (mode === 'eval') expect(running).toEqual(before);
      else if (spec.buffers.length)
        expect(deviation(running, under(golden.expected, 'running'))).toBeWithin(
          golden.spec.tolerance.running,
        );
    },
  );
});

/** One forward and backward pass over the case's batch, read back in PyTorch's layout. */
async function pass(golden: GoldenCase, spec: ModelSpec, training: boolean) {
  const variables: Record<string, tf.Variable> = {};
  for (const parameter of spec.parameters) {
    const values = toDevice(parameter, golden.inputs[`param/${parameter.name}`]!.data as Float32Array);
    variables[parameter.name] = tf.variable(tf.tensor(values, deviceShape(parameter)));
  }
  for (const { name, shape } of spec.buffers)
    variables[name] = tf.variable(tf.tensor(golden.inputs[`buffer/${name}`]!.data.slice(), shape), false);

  const { images, labels } = golden.inputs;
  const [, height, width, channels] = images!.shape as [number, number, number, number];
  const batch: number[] = golden.spec.batch;
  const size = height * width * channels;
  const pixels = batch.flatMap((index) => [...images!.data.subarray(index * size, (index + 1) * size)]);
  const x = tf.tensor4d(
    Float32Array.from(pixels, (value) => value / 255),
    [batch.length, height, width, channels],
  );
  const y = tf.tensor1d(
    batch.map((index) => labels!.data[index]!),
    'int32',
  );

  let logits: tf.Tensor2D | undefined;
  const trained = spec.parameters.map(({ name }) => variables[name]!);
  const { value, grads } = tf.variableGrads(() => {
    logits = tf.keep(forward(spec.config, variables, { images: x, training }));
    return crossEntropy(logits, y);
  }, trained);

  const gradients: Checkpoint = {};
  for (const parameter of spec.parameters) {
    const gradient = grads[variables[parameter.name]!.name]!;
    gradients[parameter.name] = fromDevice(parameter, (await gradient.data()) as Float32Array);
  }
  const running: Checkpoint = {};
  for (const { name, shape } of spec.buffers)
    running[name] = { shape, data: (await variables[name]!.data()) as Float32Array };
  const result = {
    logits: { data: await logits!.data() },
    loss: { data: await value.data() },
    gradients,
    running,
  };
  tf.disposeVariables();
  tf.dispose([logits!, value, grads as tf.TensorContainer, x, y] as tf.Tensor[]);
  return result;
}
