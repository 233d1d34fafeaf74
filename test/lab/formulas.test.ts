import { expect, test } from 'vitest';
import { comparisons } from '../../src/lab/compare';
import { registries } from '../../src/lab/session/all-registries';

test('every strategy, method, forget rule, metric and comparison says its formula, and no copied entry says another’s', () => {
  for (const { entries } of [
    registries.localizers,
    registries.unlearners,
    registries.forgetRules,
    registries.metrics,
    comparisons,
  ]) {
    expect(entries.filter(({ formula }) => !formula).map(({ id }) => id)).toEqual([]);
    expect(new Set(entries.map(({ formula }) => formula)).size).toBe(entries.length);
  }
});
