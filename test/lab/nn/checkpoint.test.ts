import { expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/lab/nn/checkpoint';
import { initialise, initialParameter } from '../../../src/lab/nn/initialise';
import { deviceShape, fromDevice, toDevice } from '../../../src/lab/nn/layout';
import { models, specOf } from '../../../src/lab/nn/models';
import { encodeSafetensors } from '../../../src/lab/nn/safetensors';
import { LetheError } from '../../../src/lab/settings';

const data = { shape: [28, 28, 1] as const, classes: [...'0123456789'] };
const spec = specOf({ id: 'resnet8' }, data);

test('decodeCheckpoint: reads back bit for bit, ignoring PyTorch batch counters', async () => {
  const weights = initialise(spec, 3);
  const file = encodeCheckpoint(spec, weights);
  expect(await decodeCheckpoint(spec, file)).toEqual(weights);
  const fromTorch = encodeSafetensors({
    ...weights,
    'bn1.num_batches_tracked': { shape: [], data: Int32Array.of(7) },
  });
  expect(await decodeCheckpoint(spec, fromTorch)).toEqual(weights);
});

test('decodeCheckpoint: names missing, unknown and misshapen tensors in one sentence', async () => {
  const { 'fc.bias': _, ...weights } = initialise(spec, 0);
  weights['fc.scale'] = { shape: [1], data: new Float32Array(1) };
  weights['bn1.weight'] = { shape: [4, 4], data: new Float32Array(16) };
  const file = encodeSafetensors(weights);
  await expect(decodeCheckpoint(spec, file)).rejects.toThrow(LetheError);
  await expect(decodeCheckpoint(spec, file)).rejects.toThrow(
    'This checkpoint does not fit ResNet-8: it lacks fc.bias; it has the unknown fc.scale; bn1.weight is [4,4] instead of [16].',
  );
});

test('decodeCheckpoint: takes off the prefix that wrappers put before every name', async () => {
  const weights = initialise(spec, 3);
  for (const prefix of ['module.', 'model.', '_orig_mod.module.']) {
    const wrapped = Object.entries(weights).map(([name, tensor]) => [prefix + name, tensor]);
    expect(await decodeCheckpoint(spec, encodeSafetensors(Object.fromEntries(wrapped)))).toEqual(weights);
  }
  const { 'fc.bias': bias, ...rest } = weights;
  const half = encodeSafetensors({ ...rest, 'module.fc.bias': bias! });
  await expect(decodeCheckpoint(spec, half)).rejects.toThrow(
    /lacks fc.bias; it has the unknown module.fc.bias/,
  );
});

test('decodeCheckpoint: refuses values that are not finite, naming their tensor', async () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const weights = initialise(spec, 0);
    weights['layer1.0.bn1.weight']!.data[3] = value;
    await expect(decodeCheckpoint(spec, encodeSafetensors(weights))).rejects.toThrow(
      /no finite numbers \(NaN or infinity\) in layer1.0.bn1.weight/,
    );
  }
});

test('decodeCheckpoint: weights to reset to need no running statistics, others do', async () => {
  const weights = initialise(spec, 4);
  const parameters = encodeSafetensors(
    Object.fromEntries(spec.parameters.map(({ name }) => [name, weights[name]!])),
  );
  expect(await decodeCheckpoint(spec, parameters, 'parameters')).toEqual(weights);
  await expect(decodeCheckpoint(spec, parameters)).rejects.toThrow(/lacks bn1.running_mean, .* more/);
});

test('decodeCheckpoint: reads a scalar that is written as a list of one', async () => {
  const vit = specOf(
    {
      config: {
        kind: 'vit',
        image: 4,
        patch: 2,
        dim: 2,
        depth: 1,
        heads: 1,
        dimHead: 2,
        mlpDim: 2,
        classes: 10,
        channels: 1,
      },
    },
    { shape: [4, 4, 1], classes: data.classes },
  );
  const weights = initialise(vit, 0);
  const name = 'transformer.layers.0.0.temperature';
  const file = encodeSafetensors({ ...weights, [name]: { shape: [1], data: weights[name]!.data } });
  expect(await decodeCheckpoint(vit, file)).toEqual(weights);
});

test('initialise: draws every tensor from a stream of its own, from its distribution', () => {
  const weights = initialise(spec, 5);
  for (const parameter of spec.parameters)
    expect(initialParameter(parameter, 5)).toEqual(weights[parameter.name]);
  expect(initialise(spec, 6)['conv1.weight']).not.toEqual(weights['conv1.weight']);
  const moments = (values: Float32Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      mean,
      std: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
    };
  };
  const conv = moments(weights['layer3.0.conv2.weight']!.data);
  expect(conv.mean).toBeCloseTo(0, 2);
  expect(conv.std / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 1);
  const stem = weights['conv1.weight']!.data;
  expect(Math.max(...stem.map(Math.abs))).toBeLessThanOrEqual(1 / 3);
  expect(moments(stem).std).toBeCloseTo(1 / 3 / Math.sqrt(3), 1);
  expect(new Set(weights['bn1.weight']!.data)).toEqual(new Set([1]));
  expect(new Set(weights['bn1.running_var']!.data)).toEqual(new Set([1]));
});

test('initialise: the temperature of the ViT starts at ln(64^-0.5)', () => {
  const vit = specOf({ id: models.get('vit-small').id }, { shape: [32, 32, 3], classes: data.classes });
  const temperature = vit.parameters.find(({ kind }) => kind === 'scalar')!;
  expect(initialParameter(temperature, 0).data[0]).toBeCloseTo(-Math.log(8), 6);
});

test('toDevice: lays filters out as height, width, in, out, which fromDevice undoes', () => {
  const filter = { kind: 'conv' as const, shape: [2, 3, 1, 2] };
  const values = Float32Array.from({ length: 12 }, (_, index) => index);
  const moved = toDevice(filter, values);
  expect(deviceShape(filter)).toEqual([1, 2, 3, 2]);
  // device [0, w=1, in=2, out=0] is PyTorch [0, 2, 0, 1] = 5
  expect(moved[(1 * 3 + 2) * 2 + 0]).toBe(5);
  expect(fromDevice(filter, moved)).toEqual({ shape: [2, 3, 1, 2], data: values });
});
