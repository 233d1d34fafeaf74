/**
 * FIXTURE: the invented study with invented answers on real images, so that a page that has the images can show them. Of the images of a set, in
 * their order: the original is right on all, the oracle on every second, run r on every (3 + r)th. What comparisons found is invented too.
 */

import { fashionMnistMini } from '../../src/lab/data/sources/fashion-mnist-mini';
import { forgetRules } from '../../src/lab/forget';
import { specOf } from '../../src/lab/nn/models';
import { answeredIn } from '../../src/lab/plan/samples';
import { randomStream } from '../../src/lab/rng';
import { packAnswers } from '../../src/lab/study/answers';
import { expandRuns } from '../../src/lab/study/expand';
import { encodeBytes } from '../../src/lab/study/floats';
import { getPreset } from '../../src/lab/study/presets';
import type { Answered, ModelAnswers, ModelOutcome, StudyResult } from '../../src/lab/study/result';
import { fixtureStudy } from './fixture-study';
import { readPublic } from './read-public';
import { toldComparisons } from './told-comparisons';

const CLASSES = 10;

/** A study of the default preset of which the first seed is done, whose three runs tell their answers, also along their curves. */
export async function answeredStudy(): Promise<StudyResult> {
  const { study } = getPreset('quickstart');
  const { train, test } = await fashionMnistMini.load(study.data, readPublic);
  const rule = forgetRules.get(study.forget.rule);
  const random = randomStream(study.seed, 'forget');
  const chosen = rule.choose(
    { classes: fashionMnistMini.classes, labels: train.labels, random },
    study.forget.settings,
  );
  const answered = answeredIn(study, chosen.indices);

  const packed = (indices: readonly number[], labels: Int32Array, every: number, confidence: number) => {
    const isRight = (i: number) => i % every === 0;
    const predicted = indices.map((index, i) => (labels[index]! + (isRight(i) ? 0 : every)) % CLASSES);
    const confidences = indices.map((_, i) => (isRight(i) ? confidence : (1 - confidence) / 4));
    return encodeBytes(
      packAnswers(
        { predicted: Uint16Array.from(predicted), confidence: Float32Array.from(confidences) },
        CLASSES,
      ),
    );
  };
  const answersOf = (every: number): ModelAnswers => ({
    forget: packed(answered.forget, train.labels, every, 0.8),
    // Members are more certain than what was never seen.
    retain: packed(answered.retain, train.labels, 1, 0.96),
    test: packed(answered.test, test.labels, every, 0.9),
  });
  const told = <Model extends ModelOutcome>(model: Model, every: number): Model => ({
    ...model,
    answers: answersOf(every),
    series: {
      ...model.series,
      points: model.series.points.map((point, epoch, { length }) => ({
        ...point,
        answers: packed(answered.followed, train.labels, every, (0.8 * (epoch + 1)) / length),
      })),
    },
  });
  return assembled({ answered, told });
}

interface Telling {
  answered: Answered;
  told: <Model extends ModelOutcome>(model: Model, every: number) => Model;
}

function assembled({ answered, told }: Telling): StudyResult {
  const fixture = fixtureStudy();
  const { study } = getPreset('quickstart');
  const [original, oracle] = [told(fixture.original, 1), told(fixture.oracle, 2)];
  const runs = expandRuns(study).filter(({ seed }) => seed === 0);
  const comparisons = toldComparisons({
    spec: specOf(study.model, fashionMnistMini),
    answered,
    retained: study.data.train - answered.forget.length,
    models: [{ name: 'original', left: 1 }, ...runs.map(({ id }, i) => ({ name: id, left: 0.6 - 0.25 * i }))],
  });
  return {
    ...fixture,
    study,
    original,
    oracle,
    originals: [original],
    oracles: [oracle],
    runs: runs.map(({ id, label, strategy, method, alpha, seed }, i) =>
      told({ ...fixture.runs[3 * i]!, id, label, strategy, method, alpha, seed }, 3 + i),
    ),
    detail: { ...fixture.detail, forget: answered.forget, answered, comparisons },
  };
}
