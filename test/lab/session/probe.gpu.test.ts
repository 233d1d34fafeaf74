import { afterAll, beforeAll, expect, test } from 'vitest';
import { specOf } from '../../../src/lab/nn/models';
import { decodeSafetensors } from '../../../src/lab/nn/safetensors';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { complement, monitorSamples } from '../../../src/lab/plan/samples';
import { registries } from '../../../src/lab/session/all-registries';
import { createSession } from '../../../src/lab/session/session';
import { freshWeights } from '../../../src/lab/stages/common/fresh-weights';
import { memoryStore } from '../../../src/lab/store/memory';
import type { Study } from '../../../src/lab/study/study';
import type { Checkpoint } from '../../../src/lab/tensors';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import { readPublic } from '../../support/read-public';
import { smallStudy } from '../../support/small-study';

const recipe = { epochs: 3, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };
const STUDY: Study = { ...smallStudy, pretrain: recipe, oracle: { ...recipe, epochs: 0 }, runs: [] };
/** A filter of nine weights, and one bias. */
const UNITS = ['conv1.weight:2', 'fc.bias:7'];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('a probe measures what the same weights edited by hand give, and a score is DEL’s of the single example', async () => {
  const store = memoryStore();
  const session = createSession({
    registries,
    openEngine: async () => engine,
    readAsset: readPublic,
    store,
    emit: () => {},
  });
  const { detail } = await session.run(STUDY);
  const spec = specOf(STUDY.model, registries.sources.get(STUDY.data.source));
  const bytes = await store.get(planStudy(STUDY, registries).seeds.get(0)!.pretrain);
  const trained = decodeSafetensors(bytes!) as Checkpoint;

  const model = await engine.createModel(spec);
  const forget = Int32Array.from(detail.forget);
  const samples = monitorSamples(STUDY.seed, forget, complement(forget, 80), 40);
  const data = await registries.sources.get(STUDY.data.source).load({ train: 80, test: 40 }, readPublic);
  const accuracyOf = async (split: 'train' | 'test', indices: Int32Array) => {
    const logits = await model.outputs(split, indices);
    const right = indices.filter((index, i) => {
      const row = logits.subarray(i * 10, i * 10 + 10);
      return row.indexOf(Math.max(...row)) === data[split].labels[index];
    });
    return (100 * right.length) / indices.length;
  };
  const edited = (values: Checkpoint | undefined): Checkpoint => {
    const weights = structuredClone(trained);
    for (let i = 18; i < 27; i++)
      weights['conv1.weight']!.data[i] = values ? values['conv1.weight']!.data[i]! : 0;
    weights['fc.bias']!.data[7] = values ? values['fc.bias']!.data[7]! : 0;
    return weights;
  };
  for (const [how, weights] of [
    ['zero', edited(undefined)],
    ['reset', edited(freshWeights(spec, 0, 'reset'))],
  ] as const) {
    await model.load(weights);
    const { original, changed, sizes } = await session.probeUnits(STUDY, 0, UNITS, how);
    expect(sizes).toEqual({ forget: 16, retain: 64, test: 40 });
    expect(changed).not.toEqual(original);
    expect(changed.forget).toBeCloseTo(await accuracyOf('train', samples.forget), 3);
    expect(changed.retain).toBeCloseTo(await accuracyOf('train', samples.retain), 3);
    expect(changed.test).toBeCloseTo(await accuracyOf('test', samples.test), 3);
  }

  const { examples, scores, scoring, filters } = await session.inspectUnits(STUDY, 0, UNITS, 'del');
  expect(scoring.text).toBe('mean of the h largest |θ·g| of a unit, h = 0.1 × output channels');
  expect(filters[0]!.values).toEqual(trained['conv1.weight']!.data.slice(18, 27));
  const h = Math.max(1, Math.floor(0.1 * trained['conv1.weight']!.shape[0]!));
  await model.load(trained);
  for (const at of [0, 9]) {
    const gradient = await model.gradient([Int32Array.of(examples[at]!)]);
    const part = (name: string, i: number) => Math.abs(trained[name]!.data[i]! * gradient[name]!.data[i]!);
    const filter = Array.from({ length: 9 }, (_, i) => part('conv1.weight', 18 + i));
    const largest = filter.sort((a, b) => b - a).slice(0, h);
    const ofFilter = largest.reduce((sum, value) => sum + value, 0) / h;
    const score = (ofFilter + part('fc.bias', 7)) / 2;
    expect(Math.abs(scores[at]! - score)).toBeLessThan(1e-5 * Math.max(1, score));
  }
  model.dispose();
});
