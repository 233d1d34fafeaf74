import { describe, expect, test } from 'vitest';
import { linesOf, runName } from '../../../src/app/state/run-estimates';
import type { RunView } from '../../../src/app/state/view';
import { groupRuns } from '../../../src/lab/results/run-groups';
import { fixtureStudy } from '../../support/fixture-study';

const { runs } = fixtureStudy();

describe('groups', () => {
  test('join seeds, and make lines of their alphas', () => {
    const groups = groupRuns(runs);
    expect(groups).toHaveLength(13);
    expect(groups.every((group) => group.runs.length === 3)).toBe(true);
    const lines = linesOf(groups);
    expect(lines.map((line) => [line.label, line.groups.length])).toEqual([
      ['DEL', 4],
      ['SalLoc', 3],
      ['Random', 3],
      ['Deepest', 1],
      ['Shallowest', 1],
      ['Finetune', 1],
    ]);
  });

  test('runName is the shortest name that tells a run from the others', () => {
    const [run] = runs as [RunView, ...RunView[]];
    expect(runName(run, [run])).toBe('DEL');
    expect(runName(run, runs)).toBe(`DEL, α ${run.alpha}, seed 0`);
    const names = runs.map((each) => runName(each, runs));
    expect(new Set(names).size).toBe(runs.length);
  });

  test('keep runs apart that differ in settings only, or in small alphas', () => {
    const ids = ['del-ft-a0.1-s0', 'del-ft-a0.1-s0-2', 'del-ft-a0.1-s1-2', 'del-ft-a1e-7-s0'];
    const views = ids.map(
      (id): RunView => ({ id, label: id, strategy: 'del', method: 'ft', alpha: 0.1, seed: 0 }),
    );
    expect(groupRuns(views).map((group) => [group.key, group.runs.length])).toEqual([
      ['del-ft-a0.1', 1],
      ['del-ft-a0.1-2', 2],
      ['del-ft-a1e-7', 1],
    ]);
    expect(linesOf(groupRuns(views)).map((line) => line.key)).toEqual(['del-ft', 'del-ft-2']);
  });
});
