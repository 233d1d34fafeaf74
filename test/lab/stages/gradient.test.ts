import { expect, test } from 'vitest';
import { sizesOf } from '../../../src/lab/plan/cost';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { accumulatedGradient, type GradientSets } from '../../../src/lab/stages/common/localize';
import { score } from '../../../src/lab/stages/score';
import type { Study } from '../../../src/lab/study/study';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';

const indices = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
const sets: GradientSets = {
  forget: indices(0, 150),
  retain: indices(150, 900),
  train: indices(0, 900),
  seed: 0,
};

/** The batches that are asked for; the gradient of some is the number of their images. */
async function asked(over: Parameters<typeof accumulatedGradient>[0], changes: Partial<GradientSets> = {}) {
  const calls: Int32Array[][] = [];
  const { w } = await accumulatedGradient(over, { ...sets, ...changes }, async (batches) => {
    calls.push(batches);
    const images = batches.reduce((sum, { length }) => sum + length, 0);
    return { w: { shape: [1], data: Float32Array.of(images + calls.length) } };
  });
  return { calls, value: w!.data[0] };
}

const lengths = (batches: Int32Array[]) => batches.map(({ length }) => length);

test('gradient: of whole sets in batches of 128, the partial last one dropped', async () => {
  expect((await asked('forget')).calls.map(lengths)).toEqual([[128]]);
  expect((await asked('train')).calls.map(lengths)).toEqual([[128, 128, 128, 128, 128, 128, 128]]);
});

test('gradient: a contrast is that of a retain sample as large as the forget set, minus the forget set’s, in batches of 64 with the last one kept', async () => {
  const { calls, value } = await asked('contrast');
  expect(calls.map(lengths)).toEqual([
    [64, 64, 22],
    [64, 64, 22],
  ]);
  const sample = calls[0]!.flatMap((batch) => [...batch]);
  expect(new Set(sample).size).toBe(150);
  expect(sample.every((index) => index >= 150 && index < 900)).toBe(true);
  expect(calls[1]!.flatMap((batch) => [...batch])).toEqual([...sets.forget]);
  expect(value).toBe(-1);
  expect((await asked('contrast')).calls).toEqual(calls);
  expect((await asked('contrast', { seed: 1 })).calls[0]).not.toEqual(calls[0]);
  const all = await asked('contrast', { retain: indices(150, 160) });
  expect(all.calls.map(lengths)).toEqual([[10], [64, 64, 22]]);
  await expect(asked('contrast', { retain: new Int32Array() })).rejects.toThrow('nothing to retain');
});

test('gradient: takes the exact batches of an order', async () => {
  const given = { retain: [indices(7, 9), indices(3, 4)], forget: [indices(5, 6)] };
  expect((await asked('contrast', { score: given })).calls).toEqual([given.retain, given.forget]);
});

test('score: a contrast is estimated over both sets, and drawn anew for every seed', () => {
  const contrast = (changes: object) => {
    const { stages } = planStudy(tinyStudy({ strategy: 'small-gradient', ...changes }), fakeRegistries);
    return stages.filter(({ stage }) => stage === score.id) as Parameters<typeof score.work>[0][];
  };
  const [own] = contrast({});
  const sizes = (forget: number, retain: number) => sizesOf({ forget, retain, test: 20 });
  expect(score.work(own!, sizes(20, 60), fakeRegistries)).toBe(40);
  expect(score.work(own!, sizes(60, 20), fakeRegistries)).toBe(80);
  expect(score.gradientStep!(own!, fakeRegistries)).toEqual({ batch: 64, forwards: 1 });
  expect(contrast({ seed: 1 })[0]!.gradientKey).not.toBe(own!.gradientKey);
  // Given weights are the same for all seeds, the sample is not.
  const file = { weights: { file: 'a.pth', sha256: '0'.repeat(64) } };
  const given = (seed: number, strategy = 'small-gradient') => {
    const study: Study = { ...tinyStudy({ strategy, seed }), ...file };
    const plan = planStudy(study, fakeRegistries);
    return {
      pretrain: plan.seeds.get(seed)!.pretrain,
      key: plan.stages.find(({ stage }) => stage === score.id)!.key,
    };
  };
  expect(given(0).pretrain).toBe(given(1).pretrain);
  expect(given(0).key).not.toBe(given(1).key);
  expect(given(0, 'critmem').key, 'examples and batches are drawn too').not.toBe(given(1, 'critmem').key);
  expect(given(0, 'del').key, 'nothing is drawn').toBe(given(1, 'del').key);
});

test('score: CritMem’s own batch counts for the memory, and split batches for its key', () => {
  const stageOf = (changes: Partial<Study>, strategy = 'critmem') => {
    const study = {
      ...tinyStudy({ strategy, localize: strategy === 'critmem' ? { batch: 300 } : {} }),
      ...changes,
    };
    const found = planStudy(study, fakeRegistries).stages.find(({ stage }) => stage === score.id);
    return found as Parameters<typeof score.work>[0];
  };
  expect(score.gradientStep!(stageOf({}), fakeRegistries)).toEqual({ batch: 300, forwards: 1 });
  expect(score.gradientStep!(stageOf({}, 'magnitude'), fakeRegistries)).toBeUndefined();
  const file = { weights: { file: 'a.pth', sha256: '0'.repeat(64) } };
  const keyOfGiven = (changes: Partial<Study>, strategy?: string) =>
    stageOf({ ...file, ...changes }, strategy).key;
  expect(keyOfGiven({ microBatch: 4 })).not.toBe(keyOfGiven({}));
  expect(keyOfGiven({ microBatch: 4 }, 'magnitude')).toBe(keyOfGiven({}, 'magnitude'));
});

test('a strategy that means nothing for the network ends a study before anything is computed', async () => {
  const vit = {
    config: {
      kind: 'vit',
      image: 8,
      patch: 4,
      dim: 4,
      depth: 1,
      heads: 1,
      dimHead: 4,
      mlpDim: 4,
      classes: 4,
      channels: 1,
    },
  } as const;
  const study: Study = { ...tinyStudy({ strategy: 'small-gradient' }), model: vit };
  expect(planStudy(study, fakeRegistries).problems).toEqual([expect.stringMatching(/this network has none/)]);
  const { session, engine } = fakeLab();
  await expect(session.run(study)).rejects.toThrow('selects weights of convolutions');
  expect(engine.calls).toEqual([]);
});
