import type { Recipe, Study } from '../../../../lab/study/study';

/** What the settings of every step get: the study as edited so far, and where an edit goes. */
export interface SectionProps {
  study: Study;
  onEdit: (next: Study) => void;
}

/** A recipe as a settings object. */
export const recipeValues = (recipe: Recipe): Record<string, number> => ({ ...recipe });

/** Whether the oracle is trained like the original, so that only the data differ. */
export const sameRecipe = ({ oracle, pretrain }: Pick<Study, 'oracle' | 'pretrain'>): boolean =>
  JSON.stringify(oracle) === JSON.stringify(pretrain);

/** The study with another recipe for the original; an oracle that is trained like it stays so. */
export function withPretrain(study: Study, pretrain: Recipe): Study {
  return { ...study, pretrain, oracle: sameRecipe(study) ? pretrain : study.oracle };
}
