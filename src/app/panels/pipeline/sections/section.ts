import type { Recipe, RunSpec, Study } from '../../../../lab/study/study';

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

/** A list of one is written as the value itself, so that links stay short and edits that are taken back leave no trace. */
export const oneOrList = <T>(list: T[]): T | T[] => (list.length === 1 ? list[0]! : list);

/** What a new group of runs starts from: the paper's method at its usual budget. */
export const FRESH_RUN: RunSpec = { strategy: 'del', method: 'reset-finetune', alpha: 0.3, seed: 0 };
