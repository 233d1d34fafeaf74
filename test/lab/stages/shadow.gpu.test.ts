import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { registries } from '../../../src/lab/session/all-registries';
import { createSession } from '../../../src/lab/session/session';
import { memoryStore } from '../../../src/lab/store/memory';
import { openEngine } from '../../../src/lab/train/open-engine';
import { smallStudy } from '../../support/small-study';

test('the attack of four shadow models on a device', async () => {
  const session = createSession({
    registries,
    openEngine,
    readAsset: async (path) =>
      new Uint8Array(await readFile(new URL(`../../../public/${path}`, import.meta.url))),
    store: memoryStore(),
    emit: () => {},
  });
  const recipe = { epochs: 2, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };
  const run = { strategy: 'del', method: 'reset-finetune', alpha: 0.3, seed: 0 };
  const { runs } = await session.run({
    ...smallStudy,
    pretrain: recipe,
    oracle: recipe,
    lira: { shadows: 4 },
    runs: [{ ...run, unlearn: { epochs: 1, lr: 0.1, batch: 16 } }],
  });
  session.dispose();
  const { liraAccuracy, liraAuc, liraShadows } = runs[0]!.metrics;
  expect(liraShadows).toBe(4);
  for (const share of [liraAccuracy, liraAuc]) {
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(100);
  }
});
