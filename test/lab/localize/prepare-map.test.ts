import { expect, test } from 'vitest';
import { buffersOf, prepareMap } from '../../../src/lab/localize/prepare-map';
import { cutMap, rankedMap, readMap } from '../../../src/lab/localize/ranked-map';
import { fixtureMap, fixtureSpec } from '../../support/fixture-study';

test('prepare map: a map that was prepared in another thread is the same as one prepared here', () => {
  const spec = fixtureSpec();
  for (const strategy of ['salloc', 'small-gradient', 'random', 'deepest']) {
    const record = fixtureMap(spec, strategy);
    const prepared = prepareMap(spec, record);
    const buffers = buffersOf(prepared);
    const moved = structuredClone(prepared, { transfer: buffers as ArrayBuffer[] });
    // Buffers that were transferred are empty here: nothing large was copied.
    expect(buffers.every(({ byteLength }) => byteLength === 0)).toBe(true);
    const [here, there] = [readMap(spec, record), rankedMap(spec, record, undefined, moved)];
    expect(there.ranks).toEqual(here.ranks);
    expect(there.unitScores).toEqual(here.unitScores);
    for (const alpha of [0, 0.1, 0.77]) {
      expect(cutMap(there, alpha)).toEqual(cutMap(here, alpha));
      expect(there.cutBits?.(alpha)).toEqual(here.cutBits?.(alpha));
    }
  }
});
