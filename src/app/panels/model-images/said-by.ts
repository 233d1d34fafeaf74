import { answersOn, type ComparedModel, type ImageSetName } from '../../state/compared-models';
import type { Said } from '../compared/compared-images';
import type { Comparison } from '../compared/comparison';

interface Lettered {
  model: ComparedModel;
  /** Which of the two it is. */
  letter?: 'A' | 'B';
}

export type SaidBy = Said & Lettered;

/** Every model of the seed, A and B first. */
export function modelsInOrder({ models, a, b }: Pick<Comparison, 'models' | 'a' | 'b'>): Lettered[] {
  const rest = models.filter((model) => model !== a && model !== b);
  return [...new Set([a, b]), ...rest].map((model) => ({
    model,
    letter: model === a ? 'A' : model === b ? 'B' : undefined,
  }));
}

/** What every model that tells says of one image, A and B first. @param position of the image among those of its set that are told */
export function saidByAll(comparison: Comparison, set: ImageSetName, position: number): SaidBy[] {
  return modelsInOrder(comparison).flatMap(({ model, letter }): SaidBy[] => {
    const answers = answersOn(model.outcome, set, comparison.answered[set].length);
    if (!answers) return [];
    const [says, confidence] = [answers.predicted[position]!, answers.confidence[position]!];
    return [{ model, says, confidence, letter }];
  });
}
