import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelsChoice } from '../../../src/app/state/models-slice';
import { decodeView, encodeView, joinHash, splitHash } from '../../../src/app/state/view-link';

const text = fc.string({ minLength: 1, maxLength: 30, unit: 'binary' });
const number = fc.nat(999_999_999);
const choices: fc.Arbitrary<ModelsChoice> = fc.record(
  {
    a: text,
    b: text,
    seed: number,
    tab: text,
    set: fc.constantFrom('forget', 'retain', 'test'),
    filter: text,
    label: number,
    cell: fc.record({ of: fc.constantFrom('a', 'b', 'difference'), label: number, says: number }),
    image: number,
    threshold: fc.nat(100).map((percent) => percent / 100),
    order: fc.constant('index' as const),
    measure: fc.constant('mean' as const),
    attack: fc.constant('lira' as const),
    attacked: fc.constant('b' as const),
    roc: fc.constant('log' as const),
    map: fc.constant('umap' as const),
    pictures: fc.constantFrom('own' as const, 'one' as const),
    between: fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100),
    without: fc.subarray(['forget' as const, 'retain' as const, 'test' as const], { minLength: 1 }),
  },
  { requiredKeys: [] },
);

test('a view in an address: every choice comes back, beside any study', () => {
  fc.assert(
    fc.property(
      choices,
      fc.constantFrom('', '#follow', '#s=1.micro', '#s=1.micro.A_-b.q-W_9x'),
      fc.constantFrom(true, undefined),
      (models, study, sameScale) => {
        const address = joinHash(
          study,
          encodeView({ page: 'models', models, ticked: ['quickstart'], sameScale }),
        );
        const split = splitHash(address);
        expect(split.study).toBe(study);
        expect(decodeView(split.view)).toEqual({
          page: 'models',
          models,
          ticked: [],
          sameScale,
          problems: [],
        });
        // As mail programs write it.
        const escaped = splitHash(`#${encodeURIComponent(address.slice(1))}`);
        expect(decodeView(escaped.view)).toEqual({
          page: 'models',
          models,
          ticked: [],
          sameScale,
          problems: [],
        });
      },
    ),
  );
});

test('a view in an address: the lab says nothing, so that links to studies stay as they were', () => {
  expect(encodeView({ page: 'lab', models: { a: 'oracle' }, ticked: [] })).toBe('');
  expect(joinHash('#s=1.micro', '')).toBe('#s=1.micro');
  expect(splitHash('#panes')).toEqual({ study: '#panes', view: '' });
  expect(decodeView('').page).toBe('lab');
});

test('a view in an address: the lab says that its plane has the same scale on both axes', () => {
  expect(encodeView({ page: 'lab', models: {}, ticked: [], sameScale: true })).toBe('v=lab&scale=same');
  expect(decodeView('v=lab&scale=same')).toEqual({
    page: 'lab',
    models: {},
    ticked: [],
    sameScale: true,
    problems: [],
  });
  expect(decodeView('v=lab&scale=other').problems).toHaveLength(1);
});

test('a view in an address: parts that are not known are named and left out, and the rest is taken', () => {
  expect(decodeView('v=models&set=train&image=17&wind=north&__proto__=1&threshold=1.5&cell=c.1.2')).toEqual({
    page: 'models',
    models: { image: 17 },
    ticked: [],
    problems: ['set=train', 'wind=north', '__proto__=1', 'threshold=1.5', 'cell=c.1.2'].map(
      (part) => `The link’s “${part}” is not known here and was left out of the view.`,
    ),
  });
  expect(decodeView('v=stars&image=1').problems).toEqual([
    'The link asks for a view “stars” that is not known here.',
  ]);
});

test('a view in an address: how the tabs are set comes back, what is usual is not said, what cannot be is named', () => {
  const said =
    'v=models&order=index&matrix=mean&attack=lira&roc=log&map=umap&pictures=own&without=retain.test';
  const { problems, ...view } = decodeView(said);
  expect(problems).toEqual([]);
  expect(encodeView(view)).toBe(said);
  const wrong = ['order=random', 'roc=linear', 'map=tsne', 'between=2', 'without=retain.train', 'without='];
  expect(decodeView(`v=models&${wrong.join('&')}&image=3`)).toEqual({
    page: 'models',
    models: { image: 3 },
    ticked: [],
    problems: wrong.map((part) => `The link’s “${part}” is not known here and was left out of the view.`),
  });
});

test('a view in an address: the studies that are laid over each other come back in their order', () => {
  const ticked = ['where-matters', '0123456789abcdef0123456789abcdef01234567', 'quickstart'];
  const text = encodeView({ page: 'studies', models: { a: 'oracle' }, ticked });
  expect(text).toBe(`v=studies&with=${ticked.join('.')}`);
  expect(decodeView(text)).toEqual({ page: 'studies', models: {}, ticked, problems: [] });
  expect(encodeView({ page: 'studies', models: {}, ticked: [] })).toBe('v=studies');
  expect(decodeView('v=studies&with=../x').problems).toHaveLength(1);
  expect(decodeView(`v=studies&with=${Array(20).fill('a').join('.')}`).ticked.length).toBeLessThanOrEqual(8);
});
