import { expect, test } from 'vitest';
import { casesFor } from '../../bench/cases';
import { type Measured, runCase } from '../../bench/run-case';
import { shapeClass } from '../../src/lab/gpu/conv/shape-class';
import { tilingNamed } from '../../src/lab/gpu/conv/tilings';
import { productsOf } from '../../src/lab/gpu/products';
import { trainingProducts } from '../../src/lab/nn/products';
import { deviceForTests } from '../support/device';

const device = deviceForTests({ products: 'tiled' });
const small = { ...casesFor(true).resnet8, batch: 2, side: 8, rounds: 1 };

test('bench: a step by the tilings of a trial is timed beside the default, which it leaves as it was', async () => {
  const products = trainingProducts(small.spec.config, small.batch, [small.side, small.side]);
  const classes = products
    .map(({ kind, shape }) => shapeClass(kind, shape))
    .filter((name) => /x4$/.test(name));
  const tilings = Object.fromEntries(classes.map((name) => [name, '32x32/4x4/k16/v']));
  expect(tilingNamed('32x32/4x4/k16/v')).toBeDefined();
  const told: Measured[] = [];
  await runCase(small, device(), { tilings, groups: [[], ['tuned']], tell: (found) => told.push(found) });
  expect(told.map(({ milliseconds }) => Object.keys(milliseconds))).toEqual([
    ['replay', 'evaluation', 'yardstick'],
    ['replay', 'evaluation', 'yardstick', 'tuned'],
  ]);
  expect(productsOf(device().backend).tilings).toBeUndefined();
});
