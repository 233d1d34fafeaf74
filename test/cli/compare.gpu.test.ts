import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialise } from '../../src/lab/nn/initialise';
import { specOfConfig } from '../../src/lab/nn/models';
import { noteAgreement } from '../support/agreement';
import { GOLDEN } from '../support/golden';
import { goldenCommands } from '../support/golden-command';
import { lethe } from '../support/lethe';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lethe-compare-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const CASE = 'compare-resnet';
const given = (file: string) => join(GOLDEN, CASE, file);
const readJson = (path: string) => JSON.parse(readFileSync(path).toString());

/** Runs `lethe compare` on the golden case; it must succeed. @returns the path of its file */
async function compare(name: string, [a, b]: [string, string], ...more: string[]): Promise<string> {
  const out = join(scratch, name);
  const { code, stderr } = await lethe([
    ...['compare', given(a), given(b), '--model', given('model.json'), '--data', given('data.safetensors')],
    ...['--forget', given('forget.json'), '--out', out, ...more],
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('66.7 % of all 36 forget images');
  return out;
}

/** All numbers of a value, in order; null is NaN, which equals only itself. */
const numbersIn = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : value === null
      ? [Number.NaN]
      : Object.values(value as object).flatMap(numbersIn);

test('lethe compare: the numbers of PyTorch, and the same bytes twice', async () => {
  const out = await compare('compare.json', ['a.safetensors', 'b.safetensors']);
  const own = readJson(out);
  const expected = readJson(given('expected.json'));
  expect(own.lethe).toBe(1);
  expect(own.sets).toEqual(expected.sets);
  for (const side of ['a', 'b'] as const) {
    const sha256 = createHash('sha256')
      .update(readFileSync(given(`${side}.safetensors`)))
      .digest('hex');
    expect(own[side]).toEqual({ file: given(`${side}.safetensors`), sha256 });
  }
  expect(own.layers.map(({ name }: { name: string }) => name)).toEqual(
    expected.layers.map(({ name }: { name: string }) => name),
  );
  for (const [group, field, tolerance] of [
    ['predictions', 'predictions', expected.tolerance.predictions],
    ['agreement', 'agreement', expected.tolerance.agreement],
    ['cka', 'layers', expected.tolerance.cka],
  ] as const) {
    const strip = (value: unknown) =>
      numbersIn(JSON.parse(JSON.stringify(value, (key, item) => (key === 'name' ? [] : item))));
    const [actual, wanted] = [strip(own[field]), strip(expected[field])];
    expect(actual.length, group).toBe(wanted.length);
    const absolute = Math.max(
      ...wanted.map((value, i) => (Object.is(value, actual[i]) ? 0 : Math.abs(value - actual[i]!))),
    );
    noteAgreement({ case: CASE, group, error: { absolute }, tolerance: { absolute: tolerance } });
    expect(absolute, group).toBeLessThanOrEqual(tolerance);
  }
  const again = await compare('again.json', ['a.safetensors', 'b.safetensors']);
  expect(readFileSync(again)).toEqual(readFileSync(out));
});

test('lethe compare --with all: every comparison is told, and what is counted twice agrees', async () => {
  const more = [
    '--with',
    'all',
    '--set',
    'relearning.steps=3',
    '--set',
    'relearning.batch=12',
    '--examples',
    '20',
  ];
  const out = await compare('all.json', ['a.safetensors', 'b.safetensors'], ...more);
  const { layers, layerImages, embedding, collateral, probe, relearning, attack, sets } = readJson(out);
  expect(layerImages).toEqual({ forget: 20, retain: 20, test: 20 });
  expect(embedding.shares[0]).toBeGreaterThanOrEqual(embedding.shares[1]);
  expect(embedding.retain.images.length).toBe(20);
  expect(embedding.retain.b.length).toBe(20);
  expect(collateral.images.length).toBe(sets.retain);
  expect(Math.min(...collateral.distance)).toBeGreaterThan(0);
  expect(probe.images).toEqual(sets);
  expect(probe.layers.map(({ name }: { name: string }) => name)).toEqual(
    layers.map(({ name }: { name: string }) => name),
  );
  expect(relearning.a.length).toBe(4);
  expect(relearning).toMatchObject({ trained: 36, measured: 36 });
  const leads = [1, 2, 3].map((step) => relearning.b[step] - relearning.a[step]);
  expect(relearning.headStart).toBeCloseTo((leads[0]! + leads[1]! + leads[2]!) / 3, 9);
  // The attack sees as many members as there are test images, and decides on each forget image.
  expect(attack.images).toEqual({ members: 30, nonMembers: 30, forget: 36 });
  for (const side of [attack.a, attack.b])
    expect(side.recognised.length + side.forgotten.length + side.undecided.length).toBe(36);
  const again = await compare('all-again.json', ['a.safetensors', 'b.safetensors'], ...more);
  expect(readFileSync(again)).toEqual(readFileSync(out));
});

test('lethe compare: a ViT beside itself agrees in everything, and beside another one does not', async () => {
  const golden = goldenCommands('forward-vit', GOLDEN, scratch);
  const { images, labels } = golden.inputs;
  const files = {
    data: golden.tensors('both.safetensors', {
      images: images!,
      labels: labels!,
      test_images: images!,
      test_labels: labels!,
    }),
    forget: golden.json('forget.json', [...labels!.data.keys()].slice(0, 6)),
    model: golden.at('network.json'),
  };
  const start = golden.at('start.safetensors');
  const other = golden.tensors('other.safetensors', initialise(specOfConfig(golden.spec.model), 5));
  const compareWith = async (b: string) => {
    const out = golden.at('compare.json');
    const options = Object.entries({ ...files, out }).flatMap(([name, value]) => [`--${name}`, value]);
    const more = ['--with', 'probe,embedding,relearning,collateral', '--set', 'relearning.steps=2'];
    const { code, stderr } = await lethe(['compare', start, b, ...options, ...more]);
    expect(code, stderr).toBe(0);
    return readJson(out);
  };
  const same = await compareWith(start);
  expect(same.agreement).toEqual({ forget: 100, retain: 100, test: 100 });
  expect(same.totalVariation).toEqual({ forget: 0, retain: 0, test: 0 });
  expect(same.predictions.a).toEqual(same.predictions.b);
  expect(same.layers.map(({ name }: { name: string }) => name)).toEqual([
    'embedding',
    ...Array.from({ length: golden.spec.model.depth }, (_, i) => `transformer.layers.${i}`),
    'cls',
    'logits',
  ]);
  for (const { name, cka } of same.layers)
    for (const value of Object.values(cka)) expect(value, name).toBeCloseTo(1, 12);
  expect(same.embedding.forget.a).toEqual(same.embedding.forget.b);
  for (const { a, b } of same.probe.layers) expect(a).toEqual(b);
  expect(same.relearning.headStart).toBe(0);
  expect(same.relearning.a).toEqual(same.relearning.b);
  expect(same.collateral.rankCorrelation).toBeNull();
  const different = await compareWith(other);
  expect(different.agreement.retain).toBeLessThan(100);
  expect(different.layers.at(-1).cka.test).toBeLessThan(0.9);
});
