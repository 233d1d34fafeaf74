import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { getPreset } from '../../../src/lab/study/presets';
import { fixtureStudy } from '../../support/fixture-study';

const SHIPPED = 'dist/recorded/quickstart.json';

/**
 * A finished study in the place of the recorded one: the invented fixture, said to be the default preset. Nothing where the
 * shipped one is there and is the preset as it now stands; the cards of any other are stale, as they should be.
 */
export function recordedFixture(): Record<string, string> {
  const { study } = getPreset('quickstart');
  if (existsSync(SHIPPED) && isDeepStrictEqual(JSON.parse(readFileSync(SHIPPED, 'utf8')).study, study))
    return {};
  return { 'recorded/quickstart.json': JSON.stringify({ ...fixtureStudy(), study }) };
}
