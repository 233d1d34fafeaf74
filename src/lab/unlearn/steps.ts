import type { Objective, StepIndices, StreamName } from '../train/trainer';
import type { UnlearnContext } from './unlearner';

/** Mean cross-entropy of one stream's batch. */
export function crossEntropyOn(stream: StreamName): Objective {
  return (batches, tools) => {
    const batch = batches[stream]!;
    return tools.crossEntropy(tools.logits(batch), batch.labels);
  };
}

/** Shuffled retain batches, the last partial one dropped; with `beside`, a forget batch for each, cycled. */
export function retainSteps(
  { batches, recipe }: UnlearnContext,
  beside?: 'forget',
): (epoch: number) => StepIndices[] {
  return (epoch) => batches(epoch, { over: 'retain', cycle: beside, batch: recipe.batch, dropLast: true });
}
