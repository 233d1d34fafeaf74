import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answersOf } from '../../../src/lab/evaluate/answers';
import { features } from '../../../src/lab/evaluate/features';
import { areAnswersOf, packAnswers, unpackAnswers } from '../../../src/lab/study/answers';
import { decodeBytes } from '../../../src/lab/study/floats';
import { parseResult } from '../../../src/lab/study/parse-result';
import type { ModelOutcome, StudyResult } from '../../../src/lab/study/result';
import { fakeLab, tinyStudy } from '../../support/fake-lab';

test('answers survive their packing, in two bytes an image where classes are few and three where they are many', () => {
  const case_ = fc.integer({ min: 2, max: 1000 }).chain((classes) =>
    fc.record({
      classes: fc.constant(classes),
      answers: fc.array(fc.tuple(fc.nat(classes - 1), fc.nat(255)), { maxLength: 40 }),
    }),
  );
  fc.assert(
    fc.property(case_, ({ classes, answers }) => {
      const predicted = Uint16Array.from(answers, ([label]) => label);
      const confidence = Float32Array.from(answers, ([, level]) => level / 255);
      const packed = packAnswers({ predicted, confidence }, classes);
      expect(packed).toHaveLength(answers.length * (classes > 256 ? 3 : 2));
      expect(areAnswersOf(packed.length, answers.length)).toBe(true);
      expect(unpackAnswers(packed, answers.length)).toEqual({ predicted, confidence });
    }),
  );
});

test('an answer is the first largest output and the softmax of the label; of outputs that are not finite nothing is claimed', () => {
  const logits = Float32Array.of(1, 3, 3, 0, 0, 500, -2, Number.NaN, 1);
  const outputs = { logits, labels: Int32Array.of(2, 0, 0), classes: 3 };
  const { predicted, confidence } = answersOf(outputs);
  expect([...predicted.subarray(0, 2)]).toEqual([1, 2]);
  expect(confidence[0]).toBeCloseTo(1 / (2 + Math.exp(-2)), 6);
  expect([...confidence.subarray(1)]).toEqual([0, 0]);
  const first = { logits: logits.subarray(0, 3), labels: Int32Array.of(2), classes: 3 };
  expect(confidence[0]).toBeCloseTo(features(first).confidence[0]!, 6);
  expect(answersOf(outputs, [1, 0]).predicted).toEqual(Uint16Array.of(2, 1));
});

/** The share of images whose label a model gives, in percent. */
function accuracy(packed: string, labels: number[]): number {
  const { predicted } = unpackAnswers(decodeBytes(packed), labels.length);
  return (100 * labels.filter((label, i) => predicted[i] === label).length) / labels.length;
}

test('the answers that a result tells give its accuracies, at the end and along the curve', async () => {
  const result = await fakeLab().session.run(tinyStudy());
  const { answered } = result.detail;
  // The tiny data's labels go round.
  const labelsOf = (indices: number[]) => indices.map((index) => index % 4);
  for (const { answers, series } of [result.original, result.oracle, ...result.runs]) {
    for (const point of series.points)
      expect(accuracy(point.answers!, labelsOf(answered!.followed))).toBe(point.forget);
    const end = series.points.at(-1)!;
    // So few images that the curve is measured on all of them.
    expect(answers!.forget).toBe(end.answers);
    expect(accuracy(answers!.retain, labelsOf(answered!.retain))).toBe(end.retain);
    expect(accuracy(answers!.test, labelsOf(answered!.test))).toBe(end.test);
  }
});

test('answers on another number of images are dropped and named, with the rest of the result kept', async () => {
  const result: StudyResult = await fakeLab().session.run(tinyStudy());
  const read = (change: (copy: StudyResult) => void) => {
    const copy: StudyResult = JSON.parse(JSON.stringify(result));
    change(copy);
    const parsed = parseResult(copy);
    if (!parsed.ok) return parsed.problem;
    const told = (model: ModelOutcome) => model.answers || model.series.points.some(({ answers }) => answers);
    return { problems: parsed.problems, answers: parsed.result.runs.some(told) };
  };
  expect(read(() => {})).toEqual({ problems: [], answers: true });
  const dropped = (why: string) => ({ problems: [`detail.answered was dropped: ${why}.`], answers: false });
  const misfit = 'its answers are not as many as the images that they are told of';
  expect(read(({ runs }) => void (runs[0]!.answers!.test = 'AAAA'))).toEqual(dropped(misfit));
  expect(read(({ detail }) => void delete detail.answered)).toEqual(dropped(misfit));
  expect(read(({ runs }) => void (runs[0]!.series.points[1]!.answers = ''))).toEqual(
    dropped('answers along its curve are not as many as the images that they are told of'),
  );
  expect(read(({ detail }) => void (detail.answered!.retain[0] = 80))).toBe(
    'This result is damaged: it tells answers on images that the study does not have.',
  );
});
