import { afterEach, expect, test, vi } from 'vitest';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { registries } from '../../../src/lab/session/all-registries';
import { createSession } from '../../../src/lab/session/session';
import { memoryStore } from '../../../src/lab/store/memory';
import type { ArtifactStore } from '../../../src/lab/store/store';
import { getPreset } from '../../../src/lab/study/presets';
import type { Study } from '../../../src/lab/study/study';
import { openEngine } from '../../../src/lab/train/open-engine';
import { lowestLimits } from '../../support/lowest-limits';
import { readPublic } from '../../support/read-public';
import { withoutTimes } from '../../support/timeless';

afterEach(() => vi.unstubAllGlobals());

// Without comparisons, which would be most of its time: their kernels are tested on such an adapter one by one.
const study: Study = { ...getPreset('micro').study, compare: false };

/** Runs the micro study by the kernels of adapters without subgroups. */
async function micro(store: ArtifactStore) {
  const engine = await openEngine({ products: 'register' });
  try {
    const host = { registries, openEngine: async () => engine, readAsset: readPublic, store };
    return await createSession({ ...host, emit: () => {} }).run(study);
  } finally {
    engine.dispose();
  }
}

// Other dispatches hold the parameters together there, and buffers end elsewhere: neither may show in the numbers.
test('the micro study runs on the least that a WebGPU device may be, to the bits of the machine’s own adapter', {
  timeout: 600_000,
}, async () => {
  const { gpu } = navigator;
  const store = memoryStore();
  vi.stubGlobal('navigator', { gpu: lowestLimits(gpu) });
  const lowest = await micro(store);
  expect(lowest.runs[0]!.cost.slow).toBeUndefined();

  // The machine's own adapter goes on from the trained models: scores, mask, unlearning and every metric.
  vi.stubGlobal('navigator', { gpu });
  const trained = planStudy(study, registries)
    .stages.filter(({ stage }) => stage === 'pretrain' || stage === 'oracle')
    .map(({ key }) => key);
  for (const key of await store.keys())
    if (!trained.some((kept) => key.startsWith(kept))) await store.delete(key);
  expect(withoutTimes(await micro(store))).toEqual(withoutTimes(lowest));
});
