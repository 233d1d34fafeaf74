import { EVALUATED_IMAGE } from './meter';
import type { PlannedStage } from './plan';
import type { MonitorSamples } from './samples';

export interface Sizes {
  forget: number;
  retain: number;
  test: number;
  samples: MonitorSamples;
}

/** An estimate of a stage's work in image passes, for the time left. */
export function stageWork(stage: PlannedStage, sizes: Sizes): number {
  const { forget, retain, test, samples } = sizes;
  const monitored = (samples.forget.length + samples.retain.length + samples.test.length) * EVALUATED_IMAGE;
  const training = (epochs: number, images: number) => epochs * images + (epochs + 1) * monitored;
  switch (stage.stage) {
    case 'subset':
      return (stage.share * stage.recipe.epochs + EVALUATED_IMAGE) * (forget + retain);
    case 'pretrain':
      return stage.weights ? monitored : training(stage.recipe.epochs, forget + retain);
    case 'oracle':
      return training(stage.recipe.epochs, retain);
    case 'unlearn':
      return training(stage.recipe.epochs, retain);
    case 'score':
      return stage.gradientKey ? forget : 0;
    case 'evaluate':
      return (forget + retain + test) * EVALUATED_IMAGE;
    default:
      return 0;
  }
}
