import * as tf from '@tensorflow/tfjs-core';
import type { EngineInternals } from './internals';

/**
 * An operation whose first input also goes on beside it, as into a residual block's shortcut. The tape would add the two gradients
 * that come back in a dispatch of their own; here the operation's own kernel adds them, so give the second result to the other branch.
 * @param forward as in `tf.customGrad`
 * @param backward the gradients of all inputs, each computed when it is asked for: that of the first has `beside` added, the gradient
 * that came back from the other branch
 * @returns the operation's value, and its first input
 */
export function branch(
  inputs: tf.Tensor[],
  forward: (save: tf.GradSaveFunc) => tf.Tensor,
  backward: (dy: tf.Tensor, beside: tf.Tensor, saved: tf.Tensor[]) => (() => tf.Tensor)[],
): [value: tf.Tensor, input: tf.Tensor] {
  const [value, input] = (tf.engine() as unknown as EngineInternals).runKernelFunc({
    inputs,
    // Not `clone`, which puts itself on the tape even here.
    forwardFunc: (_, save) => [
      forward(save),
      tf.engine().runKernel('Identity', { x: inputs[0]! }) as tf.Tensor,
    ],
    backwardsFunc: ([dy, beside], saved) => backward(dy!, beside!, saved),
  });
  return [value!, input!];
}
