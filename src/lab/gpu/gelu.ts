import * as tf from '@tensorflow/tfjs-core';
import { type Kernel, type Lanes, lanesOf } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

/**
 * The error function in float32: the rational minimax approximation of Eigen and XLA (`ErfImpl32`), good to a few ulp. WGSL has none.
 * Written for the alias `lanes`, one number or four.
 */
const erf = (element: Lanes) => `
  alias lanes = ${element};
  fn erf(value: lanes) -> lanes {
    let x = clamp(value, lanes(-4.0), lanes(4.0));
    let s = x * x;
    var p = lanes(-2.72614225801306e-10);
    p = p * s + 2.77068142495902e-08;
    p = p * s - 2.10102402082508e-06;
    p = p * s - 5.69250639462346e-05;
    p = p * s - 7.34990630326855e-04;
    p = p * s - 2.95459980854025e-03;
    p = p * s - 1.60960333262415e-02;
    var q = lanes(-1.45660718464996e-05);
    q = q * s - 2.13374055278905e-04;
    q = q * s - 1.68282697438203e-03;
    q = q * s - 7.37332916720468e-03;
    q = q * s - 1.42647390514189e-02;
    return clamp(x * p / q, lanes(-1.0), lanes(1.0));
  }
  /** The standard normal distribution function. */
  fn phi(x: lanes) -> lanes { return 0.5 * (1.0 + erf(x * ${Math.SQRT1_2})); }`;

const forward = (element: Lanes): Kernel => ({
  key: `gelu:forward:${element}`,
  inputs: { x: element },
  outputs: { y: element },
  uniforms: { count: 'u32' },
  source: () => `${erf(element)} ${threadPerItem('uniforms.count', 'y[i] = x[i] * phi(x[i]);')}`,
});

const backward = (element: Lanes): Kernel => ({
  key: `gelu:backward:${element}`,
  inputs: { dy: element, x: element },
  outputs: { dx: element },
  uniforms: { count: 'u32' },
  source: () =>
    `${erf(element)} ${threadPerItem(
      'uniforms.count',
      `let value = x[i];
    let density = ${1 / Math.sqrt(2 * Math.PI)} * exp(-0.5 * value * value);
    dx[i] = dy[i] * (phi(value) + value * density);`,
    )}`,
});

/** GELU with the exact error function, `x · Φ(x)`, elementwise. Differentiable. */
export function gelu<T extends tf.Tensor>(x: T): T {
  const { element, count } = lanesOf(x.size);
  const request = { outputs: [{ shape: x.shape }], uniforms: { count }, groups: groupsFor(count) };
  const activate = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: runKernel(forward(element), { ...request, inputs: [input as tf.Tensor] })[0]!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runKernel(backward(element), { ...request, inputs: [dy, saved[0]!] }),
    };
  });
  return activate(x) as T;
}
