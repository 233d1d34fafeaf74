import { afterEach, expect, test, vi } from 'vitest';
import { registries } from '../../../src/lab/session/all-registries';
import { createSession } from '../../../src/lab/session/session';
import { memoryStore } from '../../../src/lab/store/memory';
import { getPreset } from '../../../src/lab/study/presets';
import { openEngine } from '../../../src/lab/train/open-engine';
import { lowestLimits } from '../../support/lowest-limits';
import { readPublic } from '../../support/read-public';
import { withoutTimes } from '../../support/timeless';

afterEach(() => vi.unstubAllGlobals());

async function micro(products: 'register') {
  const engine = await openEngine({ products });
  try {
    const session = createSession({
      registries,
      openEngine: async () => engine,
      readAsset: readPublic,
      store: memoryStore(),
      emit: () => {},
    });
    return withoutTimes(await session.run(getPreset('micro').study));
  } finally {
    engine.dispose();
  }
}

// It groups parameters in other dispatches there and has no subgroups; neither may show in the numbers.
test('the micro study on the least that a WebGPU device may be gives the bits of the machine’s own adapter', async () => {
  const own = await micro('register');
  const { gpu } = navigator;
  vi.stubGlobal('navigator', { gpu: lowestLimits(gpu) });
  const lowest = await micro('register');
  expect(lowest).toEqual(own);
  expect((lowest as { runs: { cost: { slow?: string } }[] }).runs[0]!.cost.slow).toBeUndefined();
});
