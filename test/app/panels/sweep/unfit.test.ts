import { expect, test } from 'vitest';
import { unfitFor } from '../../../../src/app/panels/sweep/unfit';
import { planStudy } from '../../../../src/lab/plan/plan-study';
import { registries } from '../../../../src/lab/session/all-registries';
import { getPreset } from '../../../../src/lab/study/presets';

const { study } = getPreset('quickstart');
// Its patches do not divide 28 × 28 pixels.
const vit = { ...study, model: { id: 'vit-small' }, data: { ...study.data, source: 'cifar10' } };
const entries = [...registries.localizers.entries, ...registries.unlearners.entries];
const names = (of: typeof study) =>
  entries.filter((entry) => unfitFor(of)(entry) !== undefined).map(({ id }) => id);

test('the pickers offer no entry that the plan refuses, and say why as the plan does', () => {
  expect(names(study)).toEqual([]);
  expect(names(vit)).toEqual(['small-gradient', 'ct']);
  const [run] = study.runs;
  const runs = [
    { ...run!, strategy: 'small-gradient' },
    { ...run!, method: 'ct' },
  ];
  const { problems } = planStudy({ ...vit, runs }, registries);
  const reasons = entries.flatMap((entry) => unfitFor(vit)(entry) ?? []);
  expect(problems).toEqual(expect.arrayContaining(reasons));
});

test('of a network or data that are not known here the pickers say nothing', () => {
  expect(names({ ...study, model: { id: 'no-such-network' } })).toEqual([]);
  expect(names({ ...vit, data: { ...vit.data, source: 'own:0' } })).toEqual([]);
});
