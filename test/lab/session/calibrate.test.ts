import { expect, test } from 'vitest';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { keptRate } from '../../../src/lab/session/calibrate';

import { memoryStore } from '../../../src/lab/store/memory';
import type { LiveModel } from '../../../src/lab/train/engine';
import { fakeEngine } from '../../support/fake-engine';
import { fakeRegistries, tinyStudy } from '../../support/fake-lab';

test('the rate is that of steps under way: neither compiling nor a full queue makes a device seem slow', async () => {
  const [MS_AN_IMAGE, COMPILING, AHEAD] = [10, 20_000, 3];
  let clock = 0;
  const train: LiveModel['train'] = async ({ recipe, steps }, control) => {
    // When the device is done with each step; the host waits for none but the one so many before.
    const done: number[] = [];
    for (const [at, step] of steps(0).entries()) {
      done.push((done.at(-1) ?? clock + COMPILING) + MS_AN_IMAGE * step.retain!.length);
      clock = Math.max(clock, done[at - AHEAD] ?? 0);
      await control.tick({ done: at + 1, total: steps(0).length, counted: 'steps', examples: recipe.batch });
    }
    clock = done.at(-1)!;
    return { losses: [], rates: [], examples: 0 };
  };
  const study = tinyStudy();
  const inputs = {
    plan: planStudy({ ...study, pretrain: { ...study.pretrain, batch: 64 } }, fakeRegistries),
    device: fakeEngine().device,
    shape: [8, 8, 1] as const,
    store: memoryStore(),
    control: { tick: async () => {} },
    now: () => clock,
  };
  expect(await keptRate(inputs, async () => ({ load: async () => {}, train }) as unknown as LiveModel)).toBe(
    1000 / MS_AN_IMAGE,
  );
});
