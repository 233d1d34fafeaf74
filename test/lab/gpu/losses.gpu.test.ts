import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { crossEntropy, crossEntropyPerExample } from '../../../src/lab/gpu/cross-entropy';
import { distillation } from '../../../src/lab/gpu/distillation';
import { deviceForTests } from '../../support/device';
import { checkOperation, normals } from '../../support/reference';

deviceForTests();

const logSoftmax = (logits: ArrayLike<number>, row: number, classes: number, temperature = 1) => {
  const scaled = Array.from({ length: classes }, (_, c) => logits[row * classes + c]! / temperature);
  const largest = Math.max(...scaled);
  const normalizer = largest + Math.log(scaled.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return scaled.map((value) => value - normalizer);
};

const SHAPES = [
  [1, 1],
  [1, 5],
  [7, 2],
  [130, 3],
  [4, 100],
] as const;

test.each(SHAPES)('cross-entropy of %i×%i logits', async (rows, classes) => {
  const labels = Int32Array.from({ length: rows }, (_, i) => (i * 7 + 1) % classes);
  const device = tf.tensor1d(labels, 'int32');
  const losses = (logits: Float64Array) =>
    Array.from(labels, (label, row) => -logSoftmax(logits, row, classes)[label]!);
  const common = { shapes: [[rows, classes]], values: [normals('ce', [rows, classes]).map((v) => 3 * v)] };
  await checkOperation({
    ...common,
    name: 'mean cross-entropy',
    op: (logits) => crossEntropy(logits as tf.Tensor2D, device),
    reference: (logits) => [losses(logits!).reduce((sum, loss) => sum + loss / rows, 0)],
  });
  await checkOperation({
    ...common,
    name: 'cross-entropy per example',
    op: (logits) => crossEntropyPerExample(logits as tf.Tensor2D, device),
    reference: (logits) => losses(logits!),
  });
});

test.each(SHAPES)(
  'cross-entropy of %i×%i logits: the gradient that comes with the loss has the bits of the one by itself',
  async (rows, classes) => {
    const logits = tf.tensor2d(normals('ce', [rows, classes]), [rows, classes]);
    const labels = tf.tensor1d(
      Int32Array.from({ length: rows }, (_, i) => i % classes),
      'int32',
    );
    const gradient = tf.grad((x) => crossEntropy(x as tf.Tensor2D, labels));
    // The device's own number is not known to be 1.
    const one = tf.add(tf.scalar(0.5), 0.5);
    expect(await gradient(logits).data()).toEqual(await gradient(logits, one).data());
  },
);

test('cross-entropy: huge logits do not overflow', async () => {
  const logits = tf.tensor2d([1e4, -1e4, 0, 1e4], [2, 2]);
  const losses = crossEntropyPerExample(logits, tf.tensor1d([0, 0], 'int32'));
  expect([...(await losses.data())]).toEqual([0, 1e4]);
});

test.each(SHAPES)('distillation to %i×%i logits', async (rows, classes) => {
  const teacher = normals('teacher', [rows, classes]);
  const target = tf.tensor2d(teacher, [rows, classes]);
  for (const temperature of [1, 4])
    await checkOperation({
      name: `distillation/${temperature}`,
      shapes: [[rows, classes]],
      op: (student) => distillation(student as tf.Tensor2D, target, temperature),
      reference: (student) => {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const wanted = logSoftmax(teacher, row, classes, temperature);
          const given = logSoftmax(student!, row, classes, temperature);
          wanted.forEach((log, c) => {
            sum += Math.exp(log) * (log - given[c]!);
          });
        }
        return [(temperature ** 2 / rows) * sum];
      },
    });
});
