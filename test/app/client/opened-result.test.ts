import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readStudyFile } from '../../../src/app/client/files';
import { viewOfResult } from '../../../src/app/state/view';

const opened = (name: string) =>
  readStudyFile(
    readFileSync(new URL(`../../cases/faults/damaged-map/${name}.json`, import.meta.url), 'utf8'),
    `${name}.json`,
  );

test('a result with a damaged map is shown without it, and the pane of the map can say why', () => {
  for (const name of ['badmap', 'nanscores']) {
    const file = opened(name);
    if (file.kind !== 'result') throw new Error(`${name} is ${file.kind}`);
    expect(file.problems).toEqual([
      expect.stringContaining('the map of del holds scores that are no numbers.'),
    ]);
    const view = viewOfResult(file.result, 'opened', file.problems);
    expect(view).toMatchObject({ maps: [], mapDamage: file.problems[0], runs: [{ strategy: 'del' }] });
    expect(viewOfResult(file.result, 'opened').mapDamage).toBeUndefined();
  }
});

test('a result with an impossible forget set is refused', () => {
  expect(opened('badforget')).toEqual({ kind: 'bad', problem: expect.stringContaining('image -1') });
});
