import { expect, test } from 'vitest';
import { fullCases } from '../../../bench/cases';
import { plannedStep, withoutDevice } from '../../../bench/without-device';

// Dawn's null backend has the lowest limits; elsewhere the optimizer takes fewer, as more parameters share one.
test.each([
  ['resnet8', 95],
  ['resnet18', 205],
  ['resnet50', 477],
  ['vit-192x4', 140],
  ['vit-small', 140],
] as const)('a training step of %s takes no more than %i dispatches', async (name, most) => {
  const { dispatches } = await withoutDevice(() => plannedStep(fullCases[name]));
  expect(dispatches).toBeLessThanOrEqual(most);
});
