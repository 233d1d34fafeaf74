import { crossEntropyOn, retainSteps } from './steps';
import type { UnlearnContext } from './unlearner';

/** Each update keeps 0.9 of the running statistics, so after so many the old ones have a weight of 0.9^60 = 0.2 %. */
const UPDATES = 60;

/**
 * Recomputes BatchNorm's running statistics on retain batches: train-mode steps at learning rate 0, which move no weight.
 * Replays the batches of the training epochs.
 */
export async function recalibrate(context: UnlearnContext): Promise<void> {
  if (context.spec.buffers.length === 0) return;
  const steps = retainSteps(context);
  await context.train({
    objective: crossEntropyOn('retain'),
    recipe: {
      ...context.recipe,
      lr: 0,
      weightDecay: 0,
      epochs: Math.ceil(UPDATES / Math.max(1, steps(0).length)),
    },
    steps: (epoch) => steps(epoch % Math.max(1, context.recipe.epochs)),
  });
}
