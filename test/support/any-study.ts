import fc from 'fast-check';
import type { RunSpec, Study } from '../../src/lab/study/study';

const id = fc.constantFrom('del', 'random', 'manual', 'reset-finetune', 'full', 'x-1');
const oneOrMore = <T>(item: fc.Arbitrary<T>) =>
  fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const recipe = fc.record({
  epochs: fc.nat(1000),
  lr: fc.double({ min: 1e-6, max: 10, noNaN: true }),
  batch: fc.integer({ min: 1, max: 4096 }),
  momentum: share.map((value) => value * 0.9),
  weightDecay: share,
  floor: share,
});
const settings = fc.dictionary(
  fc.constantFrom('epochs', 'lr', 'classes', 'cut', 'k'),
  fc.oneof(fc.nat(), fc.boolean(), fc.string(), fc.array(fc.nat()), fc.array(fc.string())),
);
/** Values, or several of them, whatever the setting is. */
const swept = fc.dictionary(
  fc.constantFrom('epochs', 'lr', 'units', 'cut', 'k'),
  fc.oneof(
    fc.nat(),
    fc.boolean(),
    fc.string(),
    fc.array(fc.nat(), { maxLength: 3 }),
    fc.array(fc.constantFrom('exact', 'a/b', 'whole-channel'), { maxLength: 3 }),
    fc.array(fc.boolean(), { maxLength: 2 }),
    fc.array(fc.array(fc.constantFrom('conv1.weight:1', 'conv1.weight:2')), { maxLength: 2 }),
  ),
);
const run: fc.Arbitrary<RunSpec> = fc.record(
  {
    label: fc.string(),
    strategy: oneOrMore(id),
    method: oneOrMore(id),
    alpha: oneOrMore(share),
    seed: oneOrMore(fc.nat()),
    localize: swept,
    unlearn: swept,
    select: fc.record({ by: fc.constantFrom('gap', 'gap-without-mia'), seed: fc.nat() }),
  },
  { requiredKeys: ['strategy', 'method', 'alpha', 'seed'] },
) as fc.Arbitrary<RunSpec>;

/** Any study that the schema accepts; ids and settings need not exist. */
export const anyStudy: fc.Arbitrary<Study> = fc.record(
  {
    lethe: fc.constant(1 as const),
    name: fc.string(),
    note: fc.string(),
    seed: fc.nat(),
    data: fc.record({ source: fc.string(), train: fc.integer({ min: 1, max: 1e7 }), test: fc.constant(10) }),
    model: fc.constantFrom<Study['model'][]>(
      { id: 'resnet8' },
      {
        config: {
          kind: 'resnet',
          stem: 'cifar',
          block: 'basic',
          layers: [1, 1],
          widths: [8, 16],
          inChannels: 1,
          classes: 10,
        },
      },
    ),
    microBatch: fc.integer({ min: 1, max: 4096 }),
    weights: fc.record(
      { file: fc.string(), sha256: fc.stringMatching(/^[0-9a-f]{64}$/) },
      { requiredKeys: ['file'] },
    ),
    lira: fc.record({ shadows: fc.integer({ min: 2, max: 256 }).map((pairs) => 2 * pairs) }),
    pretrain: recipe,
    oracle: recipe,
    forget: fc.record({ rule: id, settings }),
    runs: fc.array(run, { maxLength: 4 }),
  },
  { requiredKeys: ['lethe', 'name', 'seed', 'data', 'model', 'pretrain', 'oracle', 'forget', 'runs'] },
) as fc.Arbitrary<Study>;
