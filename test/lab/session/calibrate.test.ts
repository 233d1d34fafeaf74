import { expect, test } from 'vitest';
import type { StageRef } from '../../../src/lab/plan/plan';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { keptRate, raiseKeptRate } from '../../../src/lab/session/calibrate';
import { Meter } from '../../../src/lab/session/meter';
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

test('a rate that was measured while the machine was busy gives way to the pace of a study, never the other way round', async () => {
  let clock = 0;
  const plan = planStudy(tinyStudy(), fakeRegistries);
  const kept = { plan, device: fakeEngine().device, shape: [8, 8, 1] as const, store: memoryStore() };
  const control = { tick: async () => {} };
  // A device that takes a second for every step, of 8 images each.
  const train: LiveModel['train'] = async ({ steps }, { tick }) => {
    for (const [at] of steps(0).entries()) {
      clock += 1000;
      await tick({ done: at + 1, total: steps(0).length, counted: 'steps', examples: 8 * (at + 1) });
    }
    return { losses: [], rates: [], examples: 0 };
  };
  const rate = () =>
    keptRate(
      { ...kept, control, now: () => clock },
      async () => ({ load: async () => {}, train }) as unknown as LiveModel,
    );

  await raiseKeptRate(kept, 1000);
  expect(await rate(), 'a study without an estimate keeps none').toBe(8);

  const meter = new Meter(
    plan.hash,
    () => clock,
    () => {},
  );
  const ref = { study: plan.hash, stage: 'pretrain', key: '', runs: [] } as unknown as StageRef;
  const tick = (images: number) => meter.tick(ref, images, images, { done: 0, total: 1, counted: 'steps' });
  tick(64);
  expect(meter.pace, 'nothing is known at the first tick').toBeUndefined();
  for (let step = 0; step < 10; step++) {
    clock += 500;
    tick(64);
  }
  expect(meter.pace).toBe(128);
  await raiseKeptRate(kept, meter.pace);
  expect(await rate()).toBe(128);
  await raiseKeptRate(kept, 100);
  await raiseKeptRate(kept, undefined);
  expect(await rate()).toBe(128);
});
