import * as tf from '@tensorflow/tfjs-core';
import type { PlanMemory } from '../gpu/memory';
import { captureStep, type Plan } from '../gpu/plan';
import { LetheError } from '../settings';
import type { ReadTensor } from './network';

/** Steps with more shapes than this run on the tape: they would be captured about as often as replayed. */
const MAX_PLANS = 4;

/** Repeats steps on the device: captured once per shape and replayed, or on the tape where that cannot be. */
export interface Runner {
  /** Why steps run on the tape, more slowly, though they should be captured: one sentence, absent while all are. */
  readonly refusal: string | undefined;
  /**
   * Records one step without waiting for it.
   * @param key tells steps with different shapes apart; equal keys must mean the same work on the same tensors.
   * @param step returns the one tensor that is read back, or nothing; it may change variables in place and must upload nothing.
   */
  run(key: string, step: () => tf.Tensor | undefined): Promise<{ value: Promise<Float32Array> }>;
  dispose(): void;
}

/** What runners of one network share. */
export interface RunnerHost {
  read: ReadTensor;
  /** False keeps everything on the tape, with the same bits. */
  captures: boolean;
  /** Shared by all captured steps, since they follow each other on the device's queue. */
  memory: PlanMemory;
}

export function createRunner({ read, captures, memory }: RunnerHost): Runner {
  const plans = new Map<string, Plan | 'tape'>();
  let refusal: string | undefined;

  async function planOf(key: string, step: () => tf.Tensor | undefined): Promise<Plan | 'tape'> {
    if (!captures) return 'tape';
    const known = plans.get(key);
    if (known) return known;
    if (plans.size >= MAX_PLANS) {
      refusal ??= `The steps have more than ${MAX_PLANS} batch shapes; those beyond are not captured.`;
      return 'tape';
    }
    const plan = await captureStep(() => [step()].filter((output) => output !== undefined), { memory }).catch(
      (cause): 'tape' => {
        // A LetheError says why the step cannot be repeated; any other error is a fault.
        if (!(cause instanceof LetheError)) throw cause;
        refusal ??= cause.message;
        return 'tape';
      },
    );
    plans.set(key, plan);
    return plan;
  }

  const readIfAny = (output: tf.Tensor | undefined) =>
    output ? read(output) : Promise.resolve(new Float32Array());

  return {
    get refusal() {
      return refusal;
    },
    async run(key, step) {
      const plan = await planOf(key, step);
      if (plan !== 'tape') {
        plan.replay();
        return { value: readIfAny(plan.outputs[0]) };
      }
      const result = tf.tidy(() => step() ?? []);
      const output = Array.isArray(result) ? undefined : result;
      const value = readIfAny(output);
      // `read` has queued its copy already, so the tensor may go.
      output?.dispose();
      return { value };
    },
    dispose() {
      for (const plan of plans.values()) if (plan !== 'tape') plan.dispose();
      plans.clear();
    },
  };
}
