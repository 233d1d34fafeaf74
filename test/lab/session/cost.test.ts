import { expect, test } from 'vitest';
import type { ResNetConfig } from '../../../src/lab/nn/spec';
import { checkMemory, studyCost } from '../../../src/lab/session/cost';
import { planStudy } from '../../../src/lab/session/plan';
import { memoryStore } from '../../../src/lab/store/memory';
import type { Study } from '../../../src/lab/study/study';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';

const shape = [8, 8, 1] as const;
const inputs = (study: Study) => ({
  plan: planStudy(study, fakeRegistries),
  registries: fakeRegistries,
  shape,
  cached: new Set<string>(),
});
const memory = (study: Study) => studyCost(inputs(study)).memory;

test('passes count what is trained, looked at and evaluated, and only what is not in the store', () => {
  const study = { ...tinyStudy(), forget: { rule: 'iid', settings: { share: 0.25 } } };
  const { plan } = inputs(study);
  // 80 images of which 20 are forgotten, 20 test images: 3 epochs of 80, 3 of 60, 2 of 60, each with a look at all 100 more
  // often than there are epochs; 20 gradients; three evaluations of 100. An image that is only looked at counts a third.
  const looks = (4 + 4 + 3) * (100 / 3) + 3 * (100 / 3);
  expect(studyCost(inputs(study)).passes).toBeCloseTo(3 * 80 + 3 * 60 + 2 * 60 + 20 + looks, 6);
  const cached = new Set(plan.stages.map(({ key }) => key));
  expect(studyCost({ ...inputs(study), cached })).toMatchObject({ passes: 0, disk: 0 });
});

test('memory grows with the batch, not with the runs; disk the other way round', () => {
  const small = tinyStudy();
  const large = { ...small, pretrain: { ...small.pretrain, batch: 64 } };
  const many = tinyStudy({ alpha: [0.1, 0.2, 0.3] });
  expect(memory(large)).toBeGreaterThan(memory({ ...large, microBatch: 8 }));
  expect(memory(many)).toBe(memory(small));
  expect(studyCost(inputs(many)).disk).toBeGreaterThan(studyCost(inputs(small)).disk);
});

test('a device that is too small is told what would fit', async () => {
  const study = tinyStudy();
  const of = (bytes: number) => checkMemory(inputs(study), 'a small GPU', async (asked) => asked <= bytes);
  await expect(of(memory(study))).resolves.toBeUndefined();
  await expect(of(0.75 * memory({ ...study, microBatch: 32 }))).rejects.toThrow(
    /needs about [\d.]+ [kM]B on the device, more than a small GPU can give; with "microBatch" (32|64), .* it needs [\d.]+ [kM]B\.$/,
  );
  await expect(of(1000)).rejects.toThrow('split batches do not help');
});

test('a lab measures the device once, and refuses what it cannot hold before anything is computed', async () => {
  const store = memoryStore();
  const first = fakeLab(store);
  const estimate = await first.session.estimate(tinyStudy());
  expect(estimate.seconds).toBeCloseTo(estimate.passes / estimate.imagesPerSecond, 9);
  expect(first.engine.calls).toContain('train');
  const again = fakeLab(store);
  expect(await again.session.estimate(tinyStudy())).toEqual(estimate);
  expect(again.engine.calls).not.toContain('train');

  const small = fakeLab();
  small.engine.memory = 1000;
  await expect(small.session.run(tinyStudy())).rejects.toThrow('more than fake can give');
  expect(small.engine.calls).toEqual([]);

  // Room for one study is none for a larger one after it; what the first took counts as room.
  const grown = fakeLab();
  grown.engine.memory = memory(tinyStudy());
  await grown.session.run(tinyStudy());
  const large = tinyStudy();
  const { config } = large.model as { config: ResNetConfig };
  large.model = { config: { ...config, widths: [64] } };
  grown.engine.memory = 0;
  await grown.session.run(tinyStudy());
  await expect(grown.session.run(large)).rejects.toThrow('more than fake can give');
});
