import type { Dataset } from '../../data/dataset';
import type { ForgetSet } from '../../forget/forget-rule';
import type { Memorization } from '../../forget/memorization';
import type { Plan } from '../../plan/plan';
import type { Registries } from '../../plan/registries';
import { randomStream } from '../../rng';

/** What the study's rule chooses from these data, and from the memorization scores where it asked for them. @throws LetheError when its settings cannot be met. */
export function chooseForgetSet(
  { study, forgetSettings }: Plan,
  { forgetRules }: Registries,
  { train, classes }: Dataset,
  memorization?: Memorization,
): ForgetSet {
  const random = randomStream(study.seed, 'forget');
  const context = { labels: train.labels, classes, random, memorization };
  return forgetRules.get(study.forget.rule).choose(context, forgetSettings);
}

/** The data with planted labels in their place: what every network of the study is trained and measured on. */
export function withPlanted(dataset: Dataset, { indices, planted }: ForgetSet): Dataset {
  if (!planted) return dataset;
  const trueLabels = dataset.train.labels;
  const labels = trueLabels.slice();
  indices.forEach((index, i) => {
    labels[index] = planted[i]!;
  });
  return { ...dataset, train: { ...dataset.train, labels, trueLabels } };
}
