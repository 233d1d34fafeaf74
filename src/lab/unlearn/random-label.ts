import { LetheError } from '../settings';
import { recipeSettings } from './recipe';
import { crossEntropyOn } from './steps';
import type { UnlearnContext, Unlearner } from './unlearner';

export const randomLabel: Unlearner = {
  id: 'random-label',
  label: 'Random labels',
  explanation:
    'Trains on everything, but with random labels on the forget examples, so that what was learned about them turns to noise.',
  formula: 'min CE(R ∪ {(x, ỹ) : x ∈ S}), ỹ ~ U{1 … K}',
  reference: 'Golatkar et al. 2020; Fan et al. 2024 (SalUn); METHOD section 2',
  cites: ['golatkar2020', 'fan2024'],
  settings: recipeSettings({ epochs: 10, lr: 0.01, floor: 0.5 }),
  takesMask: true,
  replays: '"mixed"',
  seesForget: true,
  async run(context) {
    const { recipe, mask } = context;
    await context.train({
      objective: crossEntropyOn('mixed'),
      recipe,
      steps: (epoch) => context.batches(epoch, { over: 'mixed', batch: recipe.batch, dropLast: false }),
      trainable: mask,
      labels: relabelled(context),
    });
  },
};

/**
 * Training labels with those of the forget examples replaced: by the given ones, or by one draw each, uniform over all
 * classes (the true one included, METHOD section 2).
 * @throws LetheError when given labels leave a forget example out or name a class that does not exist.
 */
export function relabelled({ labels, forget, relabels, classes, random }: UnlearnContext): Int32Array {
  const result = labels.slice();
  const stream = random('relabel');
  for (const index of forget) {
    const label = relabels ? relabels.get(index) : stream.below(classes);
    if (label === undefined) throw new LetheError(`The relabels name no label for forget example ${index}.`);
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw new LetheError(
        `The relabels give example ${index} the label ${label}, but the classes are 0 to ${classes - 1}.`,
      );
    result[index] = label;
  }
  return result;
}
