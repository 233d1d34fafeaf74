import { expect, test } from 'vitest';
import { buffersOf, prepareMap } from '../../../src/lab/localize/prepare-map';
import { cutMap, rankedMap, readMap } from '../../../src/lab/localize/ranked-map';
import { fixtureMap, fixtureSpec } from '../../support/fixture-study';

test('a map that another thread prepared and handed over is the map that was prepared here', () => {
  const spec = fixtureSpec();
  for (const strategy of ['salloc', 'random', 'deepest']) {
    const record = fixtureMap(spec, strategy);
    const prepared = prepareMap(spec, record);
    const buffers = buffersOf(prepared);
    const moved = structuredClone(prepared, { transfer: buffers as ArrayBuffer[] });
    // Nothing large is copied.
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
