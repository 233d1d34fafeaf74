import { crossEntropyOn, retainSteps } from './steps';
import type { UnlearnContext } from './unlearner';

/** After as many updates with momentum 0.1 the old running statistics weigh 0.9^60 = 0.2 %. */
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
