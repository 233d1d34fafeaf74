import { EVALUATED_IMAGE } from './meter';
import type { PlannedStage } from './plan';

/** How many examples a stage goes through. */
export interface Sizes {
  forget: number;
  retain: number;
  test: number;
  /** Those that every epoch's curves are measured on. */
  monitored: number;
}

/** An estimate of a stage's work in image passes (one image forward and backward), for the time left. */
export function stageWork(stage: PlannedStage, sizes: Sizes): number {
  const { forget, retain, test } = sizes;
  const monitored = sizes.monitored * EVALUATED_IMAGE;
  const training = (epochs: number, images: number) => epochs * images + (epochs + 1) * monitored;
  switch (stage.stage) {
    case 'subset':
      return (stage.share * stage.recipe.epochs + EVALUATED_IMAGE) * (forget + retain);
    case 'pretrain':
      return stage.weights ? monitored : training(stage.recipe.epochs, forget + retain);
    case 'oracle':
      return training(stage.recipe.epochs, retain);
    case 'unlearn':
      // Methods that do not train take gradients over everything once.
      return 'epochs' in stage.settings ? training(stage.recipe.epochs, retain) : forget + retain + monitored;
    case 'score':
      return stage.gradientKey ? forget : 0;
    case 'evaluate':
      return (forget + retain + test) * EVALUATED_IMAGE;
    case 'shadow':
      return stage.recipe.epochs * (retain + forget / 2);
    case 'unlearn-shadow':
      return ('epochs' in stage.settings ? stage.recipe.epochs : 1) * retain + forget;
    case 'lira':
      return 2 * forget * EVALUATED_IMAGE;
    default:
      return 0;
  }
}
