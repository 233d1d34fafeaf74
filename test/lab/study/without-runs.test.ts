import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandRuns } from '../../../src/lab/study/expand';
import type { Run, RunSpec, Study } from '../../../src/lab/study/study';
import { withoutRuns } from '../../../src/lab/study/without-runs';
import { anyStudy } from '../../support/any-study';

/** What a run is, whatever it is called. */
const content = ({ id: _, label: __, tuning, ...run }: Run) =>
  JSON.stringify([run, tuning?.given, tuning?.seed]);

test('withoutRuns: the others stay, in their order, and the ids say which is which', () => {
  fc.assert(
    fc.property(anyStudy, fc.infiniteStream(fc.boolean()), (study, choices) => {
      const runs = expandRuns(study);
      const gone = runs.filter(() => choices.next().value).map(({ id }) => id);
      const left = runs.filter(({ id }) => !gone.includes(id));
      const { study: rest, ids } = withoutRuns(study, gone);
      const now = expandRuns(rest);
      expect(now.map(content)).toEqual(left.map(content));
      expect(now.map(({ id }) => id)).toEqual(left.map(({ id }) => ids.get(id)));
    }),
    { numRuns: 200 },
  );
});

const spec: RunSpec = {
  strategy: 'del',
  method: 'finetune',
  alpha: [0.1, 0.3],
  seed: [0, 1, 2],
  unlearn: { lr: [0.01, 0.03, 0.3], epochs: 2 },
};
const rest = (runs: RunSpec[], isGone: (run: Run) => boolean) => {
  const study = { runs } as Study;
  const gone = expandRuns(study).filter(isGone);
  return withoutRuns(
    study,
    gone.map(({ id }) => id),
  ).study.runs;
};

test('withoutRuns: a value whose runs all went leaves its list', () => {
  expect(rest([spec], ({ alpha }) => alpha === 0.1)).toEqual([{ ...spec, alpha: 0.3 }]);
  expect(rest([spec], ({ unlearn }) => unlearn.lr === 0.03)).toEqual([
    { ...spec, unlearn: { lr: [0.01, 0.3], epochs: 2 } },
  ]);
  // A list of one keeps its place in the id.
  const [one] = rest([spec], ({ unlearn }) => unlearn.lr !== 0.03);
  expect(one!.unlearn).toEqual({ lr: [0.03], epochs: 2 });
  expect(expandRuns({ runs: [one!] })[0]!.id).toBe('del-finetune-a0.1-lr0.03-s0');
});

test('withoutRuns: one run less spells out configurations, each with the seeds that are left', () => {
  const runs = rest([{ ...spec, alpha: 0.1 }], ({ unlearn, seed }) => unlearn.lr === 0.01 && seed === 1);
  expect(runs.map(({ unlearn, seed }) => [unlearn!.lr, seed])).toEqual([
    [[0.01], [0, 2]],
    [[0.03], [0, 1, 2]],
    [[0.3], [0, 1, 2]],
  ]);
  const ids = expandRuns({ runs: [{ ...spec, alpha: 0.1 }] }).map(({ id }) => id);
  expect(expandRuns({ runs }).map(({ id }) => id)).toEqual(
    ids.filter((id) => id !== 'del-finetune-a0.1-lr0.01-s1'),
  );
});

test('withoutRuns: what another spec says too does not come back', () => {
  const runs = rest([spec, { ...spec, alpha: 0.3 }], ({ alpha, seed }) => alpha === 0.3 && seed === 0);
  expect(expandRuns({ runs })).toHaveLength(18 - 3);
});

test('withoutRuns: where a namesake went the number behind the ids goes too', () => {
  const other = { ...spec, alpha: 0.1, seed: [0, 1], unlearn: { lr: 0.5 } };
  const study = { runs: [{ ...other, unlearn: {} }, other] } as Study;
  const { ids } = withoutRuns(study, ['del-finetune-a0.1-s0', 'del-finetune-a0.1-s1']);
  expect([...ids]).toEqual([
    ['del-finetune-a0.1-s0-2', 'del-finetune-a0.1-s0'],
    ['del-finetune-a0.1-s1-2', 'del-finetune-a0.1-s1'],
  ]);
});
