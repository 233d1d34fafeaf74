import { expect, test } from 'vitest';
import { registries } from '../../src/lab/session/all-registries';

test('every strategy, method, forget rule and metric says its formula, and no copied entry says another’s', () => {
  for (const { entries } of [
    registries.localizers,
    registries.unlearners,
    registries.forgetRules,
    registries.metrics,
  ]) {
    expect(entries.filter(({ formula }) => !formula).map(({ id }) => id)).toEqual([]);
    expect(new Set(entries.map(({ formula }) => formula)).size).toBe(entries.length);
  }
});
