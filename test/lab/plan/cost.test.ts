import { expect, test, vi } from 'vitest';
import type { ResNetConfig } from '../../../src/lab/nn/spec';
import { checkMemory, type DataKind, studyCost } from '../../../src/lab/plan/cost';
import { planStudy } from '../../../src/lab/plan/plan-study';

import { memoryStore } from '../../../src/lab/store/memory';
import type { Study } from '../../../src/lab/study/study';
import { evaluationBatch } from '../../../src/lab/train/batches';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';

const data: DataKind = { shape: [8, 8, 1], streamed: new Set() };
const CROPS = { size: 4, crop: { scale: [0.5, 1], ratio: [1, 1] }, flip: false } as const;
const inputs = (study: Study) => ({
  plan: planStudy(study, fakeRegistries),
  registries: fakeRegistries,
  data,
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

test('evaluation too computes no more images at once than a study says', () => {
  expect(evaluationBatch([8, 8, 1], false)).toBe(256);
  expect(evaluationBatch([8, 8, 1], false, 4)).toBe(4);
  expect(evaluationBatch([8, 8, 1], true, 100)).toBe(64);
  const splitTo = (microBatch: number) => memory({ ...tinyStudy(), microBatch });
  expect(splitTo(8)).toBeLessThan(splitTo(32));
  expect(splitTo(256)).toBe(memory(tinyStudy()));
});

test('of a streamed set the device holds batches and labels, not the images', () => {
  const kind = (...streamed: ('train' | 'test')[]) => ({ ...data, streamed: new Set(streamed) });
  const of = (study: Study, streamed: DataKind) => studyCost({ ...inputs(study), data: streamed }).memory;
  const many = { ...tinyStudy(), data: { source: 'tiny', train: 1000, test: 1000 } };
  const more = { ...many, pretrain: { ...many.pretrain, batch: 500 } };
  expect(of(many, kind()) - of(tinyStudy(), kind())).toBe((920 + 980) * 68);
  expect(of(many, kind('train', 'test')) - of(tinyStudy(), kind('train', 'test'))).toBe((920 + 980) * 4);
  expect(of(many, kind('train'))).toBeLessThan(of(many, kind()));
  // A place for two of the largest batches instead of all training images, and those that the evaluation passes through.
  const evaluated = 1.25 * evaluationBatch([8, 8, 1], false);
  expect(of(more, kind('train')) - of(more, kind())).toBe((2 * 500 + evaluated - 1000) * 64);
  expect(of(many, { ...kind(), augment: CROPS })).toBeLessThan(of(many, kind()));
});

test('an estimate loads no data', async () => {
  const { session, source } = fakeLab();
  const load = vi.spyOn(source, 'load');
  expect((await session.estimate(tinyStudy())).imagesPerSecond).toBeGreaterThan(0);
  expect(load).not.toHaveBeenCalled();
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

test('a calibration loads no data, is kept for the estimate, and leaves the device empty', async () => {
  const store = memoryStore();
  const { session, engine, events } = fakeLab(store);
  const load = vi.spyOn(fakeRegistries.sources.get('tiny'), 'load');
  const first = await session.calibrate(tinyStudy());
  expect(load).not.toHaveBeenCalled();
  expect(events).toEqual([]);
  expect(first).toMatchObject({ device: engine.device, cached: [] });
  expect(engine.models).toBe(0);
  const other = fakeLab(store);
  expect(await other.session.estimate(tinyStudy())).toMatchObject({ imagesPerSecond: first.imagesPerSecond });
  expect(other.engine.calls).not.toContain('train');
  await other.session.run(tinyStudy());
  const all = planStudy(tinyStudy(), fakeRegistries).stages.length - 1;
  const { cached } = await other.session.calibrate(tinyStudy());
  expect(cached).toHaveLength(all);
  expect(other.engine.models).toBe(1);

  const small = fakeLab();
  small.engine.memory = 0.75 * memory({ ...tinyStudy(), microBatch: 32 });
  const large = { ...tinyStudy(), pretrain: { ...tinyStudy().pretrain, batch: 512 } };
  const { tooLarge, imagesPerSecond } = await small.session.calibrate(large);
  expect(imagesPerSecond).toBeUndefined();
  expect(tooLarge!.message).toContain(`with "microBatch" ${tooLarge!.microBatch},`);
  const split = await small.session.calibrate({ ...large, microBatch: tooLarge!.microBatch });
  expect(split.tooLarge).toBeUndefined();
  expect(split.imagesPerSecond).toBeGreaterThan(0);
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
