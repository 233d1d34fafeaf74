import { existsSync } from 'node:fs';
import { getPreset } from '../../../src/lab/study/presets';
import { fixtureStudy } from '../../support/fixture-study';

/** A finished study in the place of the recorded one: the invented fixture, said to be the default preset. */
export function recordedFixture(): Record<string, string> {
  if (existsSync('dist/recorded/quickstart.json')) return {};
  const result = { ...fixtureStudy(), study: getPreset('quickstart').study };
  return { 'recorded/quickstart.json': JSON.stringify(result) };
}
