import { expect, test } from 'vitest';
import { resultOfView } from '../../../src/app/state/result-of-view';
import { viewOfResult } from '../../../src/app/state/view';
import { expandRuns } from '../../../src/lab/study/expand';
import { encodeFloats } from '../../../src/lab/study/floats';
import { parseResult } from '../../../src/lab/study/parse-result';
import type { StudyResult } from '../../../src/lab/study/result';
import { fixtureStudy } from '../../support/fixture-study';

const fixture = fixtureStudy();
const asked = new Set(expandRuns(fixture.study).map(({ id }) => id));
const [first, second, ...rest] = fixture.runs.filter(({ id }) => asked.has(id));
const floats = encodeFloats(new Float32Array(fixture.study.data.train).fill(0.5));

test('resultOfView is the inverse of viewOfResult: failures, planted labels and memorization included', () => {
  const results: StudyResult[] = [
    fixture,
    {
      ...fixture,
      version: '0.2.0',
      // Of the first there is no number, of the second all but the attack's.
      runs: [second!, ...rest],
      failed: [
        { id: first!.id, message: 'Its loss was no number any more.' },
        { id: second!.id, message: 'A shadow model diverged.' },
      ],
      detail: {
        ...fixture.detail,
        planted: fixture.detail.forget.map(() => 1),
        answered: { forget: [0], retain: [1], test: [2, 3], followed: [0] },
        memorization: { models: 8, share: 0.5, scores: floats, errors: floats },
      },
    },
  ];
  for (const result of results) {
    const saved = resultOfView(viewOfResult(result, 'live'));
    expect(saved).toEqual(result);
    expect(parseResult(JSON.parse(JSON.stringify(saved)))).toEqual({ ok: true, result, problems: [] });
  }
});

test('resultOfView is undefined for an unfinished study', () => {
  const view = viewOfResult(fixture, 'live');
  expect(resultOfView({ ...view, state: 'running' })).toBeUndefined();
  expect(resultOfView({ ...view, losses: undefined })).toBeUndefined();
  expect(resultOfView({ ...view, oracles: [{ seed: 0 }] })).toBeUndefined();
});
