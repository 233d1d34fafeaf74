import { afterAll, beforeAll, expect, test } from 'vitest';
import { localizers, maskStreams } from '../../../src/lab/localize';
import { maskShare } from '../../../src/lab/localize/mask-shares';
import { specOfConfig } from '../../../src/lab/nn/models';
import { decodeSafetensors } from '../../../src/lab/nn/safetensors';
import type { ModelConfig } from '../../../src/lab/nn/spec';
import { registries } from '../../../src/lab/session/all-registries';
import { createSession } from '../../../src/lab/session/session';
import { defaultSettings } from '../../../src/lab/settings';
import { probeOf } from '../../../src/lab/stages/common/localize';
import { memoryStore } from '../../../src/lab/store/memory';
import type { Study } from '../../../src/lab/study/study';
import type { Checkpoint, Mask } from '../../../src/lab/tensors';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import { neverPaused } from '../../support/golden-study';
import { readPublic } from '../../support/read-public';
import { smallStudy } from '../../support/small-study';

const recipe = { epochs: 45, lr: 0.1, batch: 8, momentum: 0.9, weightDecay: 0, floor: 0.01 };
/** Wide enough to learn forty images by heart. */
const config: ModelConfig = {
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1, 1],
  widths: [8, 16],
  inChannels: 1,
  classes: 10,
};
const STUDY: Study = {
  ...smallStudy,
  data: { source: 'fashion-mnist-mini', train: 40, test: 20 },
  model: { config },
  pretrain: recipe,
  oracle: { ...recipe, epochs: 10 },
  forget: { rule: 'mislabelled', settings: { share: 0.2 } },
  runs: [
    {
      strategy: 'critmem',
      method: 'reset-finetune',
      alpha: 0.3,
      seed: 0,
      localize: { examples: 4, batch: 20 },
      unlearn: { epochs: 1, lr: 0.1, batch: 16 },
    },
  ],
};
const RUN = 'critmem-reset-finetune-a0.3-s0';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const session = () =>
  createSession({
    registries,
    openEngine: async () => engine,
    readAsset: readPublic,
    store: memoryStore(),
    emit: () => {},
  });

test('planted labels are learnt by heart, and CritMem silences what holds them', async () => {
  const lab = session();
  const result = await lab.run(STUDY);
  const { forget, planted, maps } = result.detail;
  expect(forget).toHaveLength(8);
  // Trained on the wrong labels: the original repeats them, the oracle, which never saw them, hardly.
  expect(result.original.metrics.forgetAccuracy).toBeGreaterThan(60);
  expect(result.oracle.metrics.forgetAccuracy).toBeLessThan(50);
  const { forgetAccuracy, trueLabelAccuracy } = result.original.metrics;
  expect(trueLabelAccuracy! + forgetAccuracy!).toBeLessThanOrEqual(100);

  const { units, unresolved } = maps[0]!.perExample!;
  expect(units).toHaveLength(4);
  expect(unresolved).toBe(0);
  expect(Math.max(...units)).toBeGreaterThan(0);

  // By hand on the same weights: everything that an example needed, taken away, leaves it misclassified.
  const spec = specOfConfig(config);
  const weights = decodeSafetensors(await lab.export('original', RUN)) as Checkpoint;
  const data = await registries.sources.get('fashion-mnist-mini').load(STUDY.data, readPublic);
  const labels = data.train.labels.slice();
  forget.forEach((index, i) => {
    labels[index] = planted![i]!;
  });
  await engine.useDataset({ ...data, train: { ...data.train, labels } });
  const model = await engine.createModel(spec);
  const critmem = localizers.get('critmem');
  const settings = { ...defaultSettings(critmem.settings), examples: 1, batch: 20 };
  for (const example of forget.slice(0, 4)) {
    const about = { forget: Int32Array.of(example), labels, seed: 0, control: () => neverPaused };
    const probe = probeOf(model, { ...about, progress: async () => {} });
    const scores = await critmem.score({ spec, weights, probe }, settings);
    const mask = critmem.select({ spec, scores, alpha: 1, random: maskStreams(0) }, settings);
    expect(maskShare(mask)).toBeLessThan(0.5);
    await model.load(without(weights, mask));
    const logits = await model.outputs('train', Int32Array.of(example));
    expect(logits.indexOf(Math.max(...logits)), `example ${example}`).not.toBe(labels[example]);
  }
  model.dispose();
});

/** The weights with everything in the mask zeroed. */
function without(weights: Checkpoint, mask: Mask): Checkpoint {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: mask[name] ? data.map((value, i) => (mask[name]![i] ? 0 : value)) : data },
    ]),
  );
}
