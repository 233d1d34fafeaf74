import { expect, test, vi } from 'vitest';
import { type MatrixProduct, shapeClass } from '../../../src/lab/gpu/conv/shape-class';
import type { LabDevice } from '../../../src/lab/gpu/device';
import { setProducts } from '../../../src/lab/gpu/products';
import { tryTilings } from '../../../src/lab/gpu/tiling-trial';
import { trainingProducts } from '../../../src/lab/nn/products';
import { memoryStore } from '../../../src/lab/store/memory';
import { readTilings } from '../../../src/lab/train/kept-tilings';
import { createTuning } from '../../../src/lab/train/tuning';
import { tinyResNet } from '../../support/tiny-network';

vi.mock('../../../src/lab/gpu/tiling-trial', () => ({ tryTilings: vi.fn() }));

const DEFAULT = '64x64/4x4/k16';
const adapter = { vendor: 'v', architecture: 'a', device: 'd', description: 'a GPU' } as GPUAdapterInfo;

/** As much of a device as settling its tilings asks for. */
function gpu(): LabDevice {
  const backend = {};
  setProducts(backend, { variant: 'tiled', lanes: 0 });
  const limits = { maxComputeWorkgroupStorageSize: 2 ** 20, maxComputeInvocationsPerWorkgroup: 1024 };
  const description = { label: 'a GPU', software: false };
  return { gpu: { features: new Set(), limits }, backend, adapter, description } as unknown as LabDevice;
}

const products = trainingProducts(tinyResNet(4), 8, [8, 8]);
const classOf = ({ kind, shape }: MatrixProduct) => shapeClass(kind, shape);
const classes = [...new Set(products.map(classOf))];

/** Answers as a trial that measures so many classes and has no time left for the others. */
function trialMeasures(count: number): void {
  vi.mocked(tryTilings).mockReset();
  vi.mocked(tryTilings).mockImplementation(async (_, asked) => {
    const found = [...new Set(asked.map(classOf))].map((name, i) => ({
      class: name,
      product: asked[0]!,
      tried: i < count ? [{ tiling: DEFAULT, milliseconds: 1 }] : [],
      chosen: DEFAULT,
      complete: i < count,
    }));
    const choice = Object.fromEntries(found.map((each) => [each.class, each.chosen]));
    return { choice, classes: found, milliseconds: 2000 };
  });
}

test('tilings: what a trial had no time to measure has the default, and is tried again by the next engine alone', async () => {
  const store = memoryStore();
  const all = Object.fromEntries(classes.map((name) => [name, DEFAULT]));
  trialMeasures(1);
  const first = createTuning(gpu(), 'auto', store);
  await first.tune(products);
  expect(first.chosen()).toEqual(all);
  await first.tune(products);
  expect(tryTilings).toHaveBeenCalledTimes(1);
  const kept = (await readTilings(store, adapter))!.choice;
  expect(Object.keys(kept)).toHaveLength(1);

  trialMeasures(classes.length);
  await createTuning(gpu(), 'auto', store).tune(products);
  const [, missing] = vi.mocked(tryTilings).mock.calls[0]!;
  expect(new Set(missing.map(classOf))).toEqual(new Set(classes.filter((name) => !(name in kept))));
  expect((await readTilings(store, adapter))!.choice).toEqual(all);
});
