import { expect, test } from 'vitest';
import { memoryStore } from '../../../src/lab/store/memory';
import { comparingRegistries, fakeLab, tinyStudy } from '../../support/fake-lab';

const study = tinyStudy({ strategy: ['del', 'salloc'] });
const [del, salloc] = ['del-tune-a0.3-s0', 'salloc-tune-a0.3-s0'] as const;
const lab = (store = memoryStore()) => fakeLab(store, 0, undefined, comparingRegistries);

test.each([
  ['float32', study],
  ['float16', { ...study, precision: 'float16' } as const],
])('compare models: what a study of %s found is told again without computing', async (_, study) => {
  const store = memoryStore();
  const { detail } = await lab(store).session.run(study);
  const found = (model: string) =>
    detail.comparisons!.find((record) => record.comparison === 'relearning' && record.model === model)!.found;
  const { session, engine } = lab(store);
  const pair = { seed: 0, a: 'oracle', b: del };
  expect(await session.compareModels(study, pair, 'relearning', {})).toEqual({
    a: found('oracle'),
    b: found(del),
  });
  expect(engine.calls).toEqual(['useDataset', 'createModel']);
});

test('compare models: any two, with settings of one’s own, are computed once', async () => {
  const store = memoryStore();
  await lab(store).session.run(study);
  const pair = { seed: 0, a: del, b: salloc };
  const first = lab(store);
  const told: number[] = [];
  const found = await first.session.compareModels(study, pair, 'relearning', { steps: 3 }, ({ done }) => {
    told.push(done);
  });
  expect(first.engine.steps).toBe(2 * 3);
  expect(told.length).toBeGreaterThan(0);
  expect(found).toMatchObject({ a: { accuracies: expect.any(Array) }, b: { accuracies: expect.any(Array) } });
  const again = lab(store);
  expect(await again.session.compareModels(study, pair, 'relearning', { steps: 3 })).toEqual(found);
  expect(again.engine.steps).toBe(0);
  expect(await again.session.compareModels(study, pair, 'layers', {})).toHaveProperty('b.layers');
});

test('compare models: what is missing is named', async () => {
  const store = memoryStore();
  const { session } = lab(store);
  const pair = { seed: 0, a: 'oracle', b: del };
  await expect(session.compareModels(study, pair, 'layers', {})).rejects.toThrow(/has not been trained here/);
  await session.run(study);
  const asked = (b: string, comparison = 'layers', settings = {}) =>
    session.compareModels(study, { ...pair, b }, comparison, settings);
  await expect(asked('nobody')).rejects.toThrow('no model “nobody” of seed 0');
  await expect(asked(del, 'attack')).rejects.toThrow('Attack is made on the command line: lethe compare.');
  const unseen = tinyStudy({ strategy: ['del', 'salloc'], alpha: 0.7 });
  await expect(
    session.compareModels(unseen, { ...pair, b: 'del-tune-a0.7-s0' }, 'layers', {}),
  ).rejects.toThrow(/A model that this needs has not been trained here yet/);
});
