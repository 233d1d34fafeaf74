import { answersOn, type ComparedModel, type ImageSetName } from '../../state/compared-models';
import type { Said } from '../compared/compared-images';
import type { Comparison } from '../compared/comparison';

export interface SaidBy extends Said {
  model: ComparedModel;
  /** Which of the two it is. */
  letter?: 'A' | 'B';
}

/** What every model that tells says of one image, A and B first. @param position of the image among those of its set that are told */
export function saidByAll(comparison: Comparison, set: ImageSetName, position: number): SaidBy[] {
  const { models, a, b, answered } = comparison;
  const rest = models.filter((model) => model !== a && model !== b);
  const ordered = [...new Set([a, b]), ...rest];
  return ordered.flatMap((model): SaidBy[] => {
    const answers = answersOn(model.outcome, set, answered[set].length);
    if (!answers) return [];
    const letter = model === a ? 'A' : model === b ? 'B' : undefined;
    const [says, confidence] = [answers.predicted[position]!, answers.confidence[position]!];
    return [{ model, says, confidence, letter }];
  });
}
