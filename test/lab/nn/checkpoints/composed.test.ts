import { expect, test } from 'vitest';
import { readWeights } from '../../../../src/lab/nn/checkpoint';
import { initialise } from '../../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../../src/lab/nn/models';
import { encodeSafetensors, type StoredTensor } from '../../../../src/lab/nn/safetensors';

const spec = specOfConfig({
  ...{ kind: 'resnet', stem: 'cifar', block: 'basic', layers: [1], widths: [4], inChannels: 3, classes: 3 },
});
const weights = initialise(spec, 5);
const { 'conv1.weight': conv, ...others } = weights;
const { shape, data } = conv!;
const row = data.length / shape[0]!;

const tensor = (values: ArrayLike<number>, sides = [values.length]): StoredTensor => ({
  shape: sides,
  data: Float32Array.from(values),
});
/** The network with these tensors in the place of its first kernel, under a wrapper's prefix. */
const readWith = (parts: Record<string, StoredTensor>) =>
  readWeights(
    encodeSafetensors(
      Object.fromEntries(
        Object.entries({ ...others, ...parts }).map(([name, part]) => [`module.${name}`, part]),
      ),
    ),
  );
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, 6);
}

const normOf = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
const rows = Array.from({ length: shape[0]! }, (_, i) => data.subarray(i * row, (i + 1) * row));

test.each([
  ['conv1.weight_v', 'conv1.weight_g'],
  ['conv1.parametrizations.weight.original1', 'conv1.parametrizations.weight.original0'],
])('weight normalisation: %s · %s / norm, one for each output or one for all', async (v, g) => {
  const direction = tensor(
    data.map((value) => 3.5 * value),
    shape,
  );
  const each = await readWith({ [v]: direction, [g]: tensor(rows.map(normOf), [shape[0]!, 1, 1, 1]) });
  expectClose(each.checkpoint['conv1.weight']!.data, data);
  expect(each.checkpoint['conv1.weight']!.shape).toEqual(shape);
  expect(each.report).toMatchObject({
    prefix: 'module.',
    composed: [['conv1.weight', 'computed from their weight normalisation']],
  });
  const whole = await readWith({ [v]: direction, [g]: tensor([normOf(data)], []) });
  expectClose(whole.checkpoint['conv1.weight']!.data, data);
});

test.each([
  ['conv1.weight_orig', 'conv1.weight_u', 'conv1.weight_v'],
  ['original', '0._u', '0._v'].map((part) => `conv1.parametrizations.weight.${part}`),
] as [string, string, string][])('spectral normalisation: %s / uᵀWv', async (weight, u, v) => {
  const [left, right] = [[0.5, 0.5, -0.5, 0.5], Array.from({ length: row }, (_, i) => ((i % 3) - 1) / 5)];
  const sigma = rows.reduce(
    (sum, values, i) => sum + left[i]! * values.reduce((inner, value, k) => inner + value * right[k]!, 0),
    0,
  );
  const { checkpoint, report } = await readWith({
    [weight]: tensor(data, shape),
    [u]: tensor(left),
    [v]: tensor(right),
  });
  expectClose(
    checkpoint['conv1.weight']!.data,
    data.map((value) => value / sigma),
  );
  expect(report.composed).toEqual([['conv1.weight', 'computed from their spectral normalisation']]);
});

test('a parametrization of another kind is refused by name where the network needs it', async () => {
  await expect(readWith({ 'conv1.parametrizations.weight.original': conv! })).rejects.toThrow(
    /"conv1.weight" is under a parametrization that Lethe does not compute: .*remove_parametrizations/,
  );
  const beside = Object.fromEntries(Object.entries(weights).map(([name, part]) => [`net.${name}`, part]));
  const head = { 'projector.parametrizations.weight.original': conv! };
  const { checkpoint } = await readWeights(encodeSafetensors({ ...beside, ...head }));
  expect(Object.keys(checkpoint)).toHaveLength(Object.keys(weights).length);
});

test('parts without a partner stay what they are', async () => {
  const { checkpoint, report } = await readWith({ 'conv1.weight_orig': conv! });
  expect(Object.keys(checkpoint)).toContain('conv1.weight_orig');
  expect(report.composed).toEqual([]);
});
