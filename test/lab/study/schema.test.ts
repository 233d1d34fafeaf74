import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEEPEST, parseBoundedJson } from '../../../src/lab/study/bounded-json';
import { presets } from '../../../src/lab/study/presets';
import { parseStudy } from '../../../src/lab/study/schema';

test('parseStudy: every preset is a complete study and stays unchanged', () => {
  for (const { study } of presets) expect(parseStudy(study)).toEqual({ ok: true, study, problems: [] });
});

test('parseStudy: missing fields are filled with defaults', () => {
  const parsed = parseStudy({ lethe: 1, pretrain: { epochs: 3 }, runs: [{ seed: [0, 1] }] });
  expect(parsed).toMatchObject({
    ok: true,
    problems: [],
    study: {
      data: { source: 'fashion-mnist-mini', train: 2000 },
      pretrain: { epochs: 3, lr: 0.1, floor: 0.01 },
      oracle: { epochs: 20, batch: 32 },
      runs: [{ strategy: 'del', method: 'reset-finetune', alpha: 0.3, seed: [0, 1] }],
    },
  });
});

test('parseStudy: single precision is what a study without the field has', () => {
  const precision = (given: unknown) => {
    const parsed = parseStudy({ lethe: 1, precision: given });
    return parsed.ok && { precision: parsed.study.precision, problems: parsed.problems };
  };
  expect(precision('float16')).toEqual({ precision: 'float16', problems: [] });
  expect(precision('float32')).toEqual({ precision: undefined, problems: [] });
  expect(precision('bfloat16')).toMatchObject({
    precision: undefined,
    problems: [expect.stringContaining('precision must be "float32" or "float16"')],
  });
});

test('parseStudy: unknown fields and bad values are dropped with one sentence each, and the rest stays', () => {
  const parsed = parseStudy({
    lethe: 1,
    color: 'red',
    pretrain: { epochs: -1, lr: 0.5, warmup: 3 },
    model: { id: 7 },
    data: 'cifar',
    runs: [{ alpha: [0.1, 7], method: 'finetune' }, 5, { strategy: 'salloc' }],
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  expect(parsed.study).toMatchObject({
    pretrain: { epochs: 20, lr: 0.5 },
    model: { id: 'resnet8' },
    data: { train: 2000 },
    runs: [{ alpha: [0.1], method: 'finetune' }, { strategy: 'salloc' }],
  });
  expect(parsed.problems).toHaveLength(7);
  for (const problem of parsed.problems) expect(problem).toMatch(/was dropped: .+\.$/);
});

test('parseStudy: input that is no study at all is refused with a sentence', () => {
  for (const input of [undefined, null, 3, 'study', [], {}, { lethe: 2 }])
    expect(parseStudy(input)).toEqual({
      ok: false,
      problem: expect.stringMatching(/^This is not a Lethe study: .+\.$/),
    });
});

test('parseStudy: never throws, and its output is accepted unchanged', () => {
  const noise = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true });
  const field = fc.constantFrom(
    'seed',
    'data',
    'model',
    'pretrain',
    'oracle',
    'forget',
    'runs',
    'name',
    '__proto__',
  );
  fc.assert(
    fc.property(fc.dictionary(field, noise), (input) => {
      const first = parseStudy({ ...input, lethe: 1 });
      if (!first.ok) return;
      expect(parseStudy(first.study)).toEqual({ ok: true, study: first.study, problems: [] });
    }),
  );
});

test('parseStudy: a study of another version, or without one, is refused as such', () => {
  const refused = (problem: string) => ({ ok: false, problem: `This is not a Lethe study: ${problem}` });
  expect(parseStudy({ lethe: 2 })).toEqual(refused('its "lethe" must be 1, the only version so far.'));
  expect(parseStudy({ name: 'x' })).toEqual(refused('it lacks "lethe".'));
  expect(parseStudy(7)).toEqual(refused('a study must be an object.'));
});

test('a study with hundreds of thousands of unknown fields or items, or too many brackets, is answered in seconds', () => {
  const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1]));
  const manyFields = fields(200_000);
  for (const [input, words] of [
    [{ lethe: 1, ...manyFields }, 'more than 200 fields'],
    [{ lethe: 1, data: manyFields }, 'more than 200 fields'],
    [{ lethe: 1, runs: [{ strategy: 'del', localize: manyFields }] }, 'more than 64 settings'],
    [{ lethe: 1, runs: Array(2_000_000).fill(1) }, 'more than 100 runs'],
    [{ lethe: 1, runs: [{ localize: { units: Array(2_000_000).fill('') } }] }, 'a setting must be'],
    [{ lethe: 1, forget: { settings: { indices: Array(2_000_000).fill(1) } } }, 'a setting must be'],
  ] as const) {
    const start = performance.now();
    expect(JSON.stringify(parseStudy(input))).toContain(words);
    expect(performance.now() - start, words).toBeLessThan(10_000);
  }
  expect(() => parseBoundedJson('['.repeat(33), { depth: DEEPEST })).toThrow(/more than 32 deep/);
  expect(parseBoundedJson('{"a":"[[[\\"[","b":[]}', { depth: 2 })).toEqual({ a: '[[["[', b: [] });
});
