import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, runKernel, THREADS, threadPerItem } from './run';

/** Largest logit of a row over the temperature, and the logarithm of the sum of the exponentials relative to it. */
const normalizer = (name: string) => `
  fn normalizer_${name}(begin: u32) -> vec2f {
    var largest = ${name}[begin];
    for (var c = 1u; c < uniforms.classes; c++) { largest = max(largest, ${name}[begin + c]); }
    var sum = 0.0;
    for (var c = 0u; c < uniforms.classes; c++) { sum += exp((${name}[begin + c] - largest) / uniforms.temperature); }
    return vec2f(largest, log(sum));
  }
  fn log_softmax_${name}(at: u32, normalizer: vec2f) -> f32 {
    return (${name}[at] - normalizer.x) / uniforms.temperature - normalizer.y;
  }`;

const UNIFORMS = { rows: 'u32', classes: 'u32', temperature: 'f32' } as const;

const forward: Kernel = {
  key: 'distillation:forward',
  inputs: { student: 'f32', teacher: 'f32' },
  outputs: { loss: 'f32' },
  uniforms: UNIFORMS,
  source: () => `
    ${normalizer('student')}
    ${normalizer('teacher')}
    var<workgroup> sums: array<f32, ${THREADS}>;
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(local_invocation_index) lane: u32) {
      var sum = 0.0;
      for (var row = lane; row < uniforms.rows; row += ${THREADS}u) {
        let begin = row * uniforms.classes;
        let of_student = normalizer_student(begin);
        let of_teacher = normalizer_teacher(begin);
        for (var c = 0u; c < uniforms.classes; c++) {
          let wanted = log_softmax_teacher(begin + c, of_teacher);
          sum += exp(wanted) * (wanted - log_softmax_student(begin + c, of_student));
        }
      }
      sums[lane] = sum;
      workgroupBarrier();
      if (lane != 0u) { return; }
      for (var other = 1u; other < ${THREADS}u; other++) { sum += sums[other]; }
      loss[0] = uniforms.temperature * uniforms.temperature * sum / f32(uniforms.rows);
    }`,
};

const backward: Kernel = {
  key: 'distillation:backward',
  inputs: { student: 'f32', teacher: 'f32', dy: 'f32' },
  outputs: { dstudent: 'f32' },
  uniforms: UNIFORMS,
  source: () => `
    ${normalizer('student')}
    ${normalizer('teacher')}
    ${threadPerItem(
      'uniforms.rows',
      `let begin = i * uniforms.classes;
      let of_student = normalizer_student(begin);
      let of_teacher = normalizer_teacher(begin);
      let factor = dy[0] * uniforms.temperature / f32(uniforms.rows);
      for (var at = begin; at < begin + uniforms.classes; at++) {
        let excess = exp(log_softmax_student(at, of_student)) - exp(log_softmax_teacher(at, of_teacher));
        dstudent[at] = factor * excess;
      }`,
    )}`,
};

/**
 * SCRUB's distillation loss, `T² / n · Σ p_teacher · (log p_teacher − log p_student)` at temperature T. Differentiable in the
 * student's logits; the teacher's are constants.
 * @param student `[n, classes]`; `teacher` alike.
 */
export function distillation(student: tf.Tensor2D, teacher: tf.Tensor2D, temperature: number): tf.Scalar {
  const [rows, classes] = student.shape;
  const uniforms = { rows, classes, temperature };
  const loss = tf.customGrad((logits, save) => {
    (save as tf.GradSaveFunc)([logits as tf.Tensor, teacher]);
    return {
      value: runKernel(forward, {
        inputs: [logits as tf.Tensor, teacher],
        outputs: [{ shape: [] }],
        uniforms,
        groups: 1,
      })[0]!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runKernel(backward, {
          inputs: [saved[0]!, saved[1]!, dy],
          outputs: [{ shape: student.shape }],
          uniforms,
          groups: groupsFor(rows),
        }),
    };
  });
  return loss(student) as tf.Scalar;
}
