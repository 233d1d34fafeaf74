import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, hashOf } from '../../../src/lab/plan/hash';
import type { Selection } from '../../../src/lab/plan/plan';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { isStageOf } from '../../../src/lab/plan/stage-planning';
import { LetheError, type Settings } from '../../../src/lab/settings';
import { evaluate } from '../../../src/lab/stages/evaluate';
import { mask } from '../../../src/lab/stages/mask';
import { unlearn } from '../../../src/lab/stages/unlearn';
import type { Study } from '../../../src/lab/study/study';
import { fakeRegistries, tinyStudy } from '../../support/fake-lab';

const plan = (study: Study) => planStudy(study, fakeRegistries);
const keys = (study: Study) => {
  const { stages } = plan(study);
  return Object.fromEntries(
    ['data', 'pretrain', 'oracle', 'score', 'mask', 'unlearn', 'evaluate'].map((name) => [
      name,
      stages.filter(({ stage }) => stage === name).map(({ key }) => key),
    ]),
  );
};
/** The stages whose keys differ between two studies. */
const changed = (a: Study, b: Study) => {
  const [before, after] = [keys(a), keys(b)];
  return Object.keys(before).filter((name) => before[name]!.join() !== after[name]!.join());
};

const base = tinyStudy();

test('alpha changes the mask and what follows, nothing before', () => {
  expect(changed(base, tinyStudy({ alpha: 0.5 }))).toEqual(['mask', 'unlearn', 'evaluate']);
});

test('every other change reaches exactly the stages that depend on it', () => {
  const cases: [string, Study, string[]][] = [
    ['method settings', tinyStudy({ unlearn: { epochs: 5 } }), ['unlearn', 'evaluate']],
    ['strategy', tinyStudy({ strategy: 'salloc' }), ['score', 'mask', 'unlearn', 'evaluate']],
    ['names', { ...base, name: 'Other', note: 'x', runs: [{ ...base.runs[0]!, label: 'L' }] }, []],
    ['oracle recipe', { ...base, oracle: { ...base.oracle, epochs: 9 } }, ['oracle', 'evaluate']],
    [
      'forget set',
      { ...base, forget: { rule: 'iid', settings: { share: 0.1 } } },
      ['oracle', 'score', 'mask', 'unlearn', 'evaluate'],
    ],
    ['study seed', { ...base, seed: 1 }, ['oracle', 'score', 'mask', 'unlearn', 'evaluate']],
    [
      'pretraining',
      { ...base, pretrain: { ...base.pretrain, lr: 0.2 } },
      ['pretrain', 'score', 'mask', 'unlearn', 'evaluate'],
    ],
    [
      'micro-batch',
      { ...base, microBatch: 8 },
      ['pretrain', 'oracle', 'score', 'mask', 'unlearn', 'evaluate'],
    ],
    [
      'precision',
      { ...base, precision: 'float16' },
      ['pretrain', 'oracle', 'score', 'mask', 'unlearn', 'evaluate'],
    ],
    [
      'strategy of two sets’ gradients',
      tinyStudy({ strategy: 'small-gradient' }),
      ['score', 'mask', 'unlearn', 'evaluate'],
    ],
    ['run seed', tinyStudy({ seed: 1 }), ['pretrain', 'oracle', 'score', 'mask', 'unlearn', 'evaluate']],
  ];
  for (const [what, study, stages] of cases) expect(changed(base, study), what).toEqual(stages);
});

test('defaults written out are the same as defaults left out', () => {
  const written = { ...base, forget: { rule: 'iid', settings: {} } };
  const left = { ...base, forget: { rule: 'iid', settings: { share: 0.1 } } };
  expect(changed(written, left)).toEqual([]);
});

test('planted labels reach the original; any other forget set leaves it alone', () => {
  const planted = { ...base, forget: { rule: 'mislabelled', settings: { share: 0.2 } } };
  const more = { ...base, forget: { rule: 'mislabelled', settings: { share: 0.3 } } };
  expect(changed(base, planted)).toContain('pretrain');
  expect(changed(planted, more)).toContain('pretrain');
  expect(changed(planted, { ...planted, seed: 1 })).toContain('pretrain');
  expect(changed(base, { ...base, forget: { rule: 'class', settings: {} } })).not.toContain('pretrain');
});

test('subset models are shared by every end of the ranking, and more of them only add', () => {
  const ranked = (settings: Settings) => ({ ...base, forget: { rule: 'memorized', settings } });
  const study = ranked({ models: 4 });
  const subsets = (of: Study) =>
    plan(of).stages.flatMap(({ stage, key }) => (stage === 'subset' ? [key] : []));
  expect(
    plan(study)
      .stages.map(({ stage }) => stage)
      .slice(0, 7),
  ).toEqual(['data', 'subset', 'subset', 'subset', 'subset', 'memorization', 'pretrain']);
  expect(subsets(ranked({ models: 6 })).slice(0, 4)).toEqual(subsets(study));
  expect(subsets(ranked({ models: 4, end: 'lowest', share: 0.3 }))).toEqual(subsets(study));
  const others = [
    ranked({ models: 4, subset: 0.5 }),
    ranked({ models: 4, epochs: 2 }),
    { ...study, seed: 1 },
    { ...study, pretrain: { ...base.pretrain, lr: 0.2 } },
  ];
  for (const other of others)
    expect(subsets(other).filter((key) => subsets(study).includes(key))).toEqual([]);
  // The forget set hangs on what the models say, so on how they were trained.
  expect(plan(others[3]!).forgetKey).not.toBe(plan(study).forgetKey);
  expect(changed(base, study)).not.toContain('pretrain');
});

test('a strategy that does not look at the forget set keeps its map for every forget set', () => {
  const magnitude = tinyStudy({ strategy: 'magnitude' });
  const other = { ...magnitude, forget: { rule: 'iid', settings: { share: 0.5 } } };
  expect(changed(magnitude, other)).toEqual(['oracle', 'unlearn', 'evaluate']);
});

test('a sweep shares what its runs have in common', () => {
  const sweep = plan(tinyStudy({ strategy: ['del', 'random'], alpha: [0.1, 0.3], seed: [0, 1] }));
  const count = (name: string) => sweep.stages.filter(({ stage }) => stage === name).length;
  expect(sweep.runs).toHaveLength(8);
  expect(['data', 'pretrain', 'oracle', 'score', 'mask', 'unlearn'].map(count)).toEqual([1, 2, 2, 4, 8, 8]);
  const pretrain = sweep.stages.find(({ stage }) => stage === 'pretrain')!;
  expect(pretrain.runs).toHaveLength(4);
});

test('a sweep over settings gives the stages of runs that name each value', () => {
  const values = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(values, values, fc.uniqueArray(fc.nat(3), { minLength: 1 }), (rates, epochs, seed) => {
      const settings = { batch: 16, lr: rates.map((rate) => rate / 100), epochs };
      const members = settings.lr.flatMap((lr) => epochs.map((each) => ({ batch: 16, lr, epochs: each })));
      const swept = plan(tinyStudy({ seed, unlearn: settings }));
      const named = plan(tinyStudy(...members.map((unlearn) => ({ seed, unlearn }))));
      const sorted = ({ stages }: typeof swept) => stages.map(({ key }) => key).sort();
      expect(sorted(swept)).toEqual(sorted(named));
      expect(swept.problems).toEqual([]);

      // Tuned, the candidates are those runs on the selection seed, and the winner is one of them on the reported seeds.
      const tuned = tinyStudy({ seed, unlearn: settings, select: { by: 'gap', seed: 1000 } });
      const [{ key, candidates }] = plan(tuned).selections as [Selection];
      expect(candidates).toHaveLength(members.length);
      const place = members.length - 1;
      const settled = planStudy(tuned, fakeRegistries, new Map([[key, place]]));
      const unlearn = members[place]!;
      const equal = [
        plan(tinyStudy(...members.map((each) => ({ seed: 1000, unlearn: each })))),
        plan(tinyStudy({ seed, unlearn })),
      ].flatMap(({ stages }) => stages.map((stage) => stage.key));
      expect(new Set(sorted(settled))).toEqual(new Set([...equal, key]));
      expect(settled.runs.map(({ run }) => run.id)).toEqual(plan(tuned).runs.map(({ run }) => run.id));
    }),
    { numRuns: 20 },
  );
});

test('masks that all candidates share come with the original, others after the selection', () => {
  const order = (of: Study) => plan(of).stages.map(({ stage, seed }) => `${stage} ${seed ?? ''}`);
  const select = { by: 'gap' as const, seed: 1000 };
  const shared = order(tinyStudy({ unlearn: { lr: [0.1, 0.2] }, select }));
  expect(shared.indexOf('mask 0')).toBeLessThan(shared.indexOf('oracle 0'));
  expect(shared.indexOf('select 1000')).toBeLessThan(shared.indexOf('unlearn 0'));
  const own = order(tinyStudy({ localize: { cut: ['exact', 'whole-channel'] }, select }));
  expect(own.indexOf('select 1000')).toBeLessThan(own.indexOf('score 0'));
});

test('a method without a mask is run once for all strategies and budgets', () => {
  const twice = plan(tinyStudy({ method: 'twice', strategy: ['del', 'random'], alpha: [0.1, 0.2] }));
  expect(twice.stages.map(({ stage }) => stage)).toEqual([
    'data',
    'pretrain',
    'evaluate',
    'oracle',
    'evaluate',
    'unlearn',
    'evaluate',
  ]);
  expect(twice.stages.at(-2)!.runs).toHaveLength(4);
});

test('what a stage needs stands before it', () => {
  const { stages } = plan(tinyStudy({ strategy: ['del', 'salloc'], alpha: [0.1, 0.3], seed: [0, 1] }));
  const seen = new Set<string>();
  for (const stage of stages) {
    if (isStageOf(mask, stage)) expect(stage.needs).toContain(stage.scoreKey);
    if (isStageOf(unlearn, stage) && stage.maskKey) expect(stage.needs).toContain(stage.maskKey);
    if (isStageOf(evaluate, stage)) expect(stage.needs).toContain(stage.modelKey);
    for (const need of stage.needs) expect(seen).toContain(need);
    seen.add(stage.key);
  }
});

test('unknown names are refused, unknown settings reported', () => {
  expect(() => plan(tinyStudy({ strategy: 'psychic' }))).toThrow(LetheError);
  expect(() => plan(tinyStudy({ method: 'hope' }))).toThrow(LetheError);
  expect(() => plan({ ...base, model: { id: 'resnet9000' } })).toThrow(LetheError);
  expect(() => plan({ ...base, data: { ...base.data, source: 'mnist' } })).toThrow(LetheError);
  expect(plan(tinyStudy({ unlearn: { speed: 3 } })).problems).toEqual([expect.stringMatching(/"speed"/)]);
});

test('equal values have equal hashes, whatever the order of their fields', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
      const reversed = Object.fromEntries(Object.entries(fields).reverse());
      expect(hashOf(reversed)).toBe(hashOf(fields));
      expect(JSON.parse(canonicalJson(fields))).toEqual(JSON.parse(JSON.stringify(fields)));
    }),
  );
});
