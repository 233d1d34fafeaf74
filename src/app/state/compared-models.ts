import { answeredIn } from '../../lab/plan/samples';
import { groupRuns } from '../../lab/results/run-groups';
import { groupNames } from '../../lab/results/run-names';
import { type Answers, unpackAnswers } from '../../lab/study/answers';
import { decodeBytes } from '../../lab/study/floats';
import type { Answered, ModelAnswers, SeriesPoint } from '../../lab/study/result';
import type { ModelView, View } from './view';

export type ImageSetName = keyof ModelAnswers;

/** A model of a study that can stand beside another one. */
export interface ComparedModel {
  /** `original`, `oracle`, or the key of a run without its seed. */
  key: string;
  /** As short as tells it from the others. */
  label: string;
  role: 'original' | 'oracle' | 'run';
  strategy?: string;
  outcome: ModelView;
}

/** Every model of a seed that is trained or will be: oracle, original, runs in the order of the study. */
export function comparedModels(view: View, seed: number): ComparedModel[] {
  const ofSeed = (models: readonly ModelView[]) => models.find((model) => model.seed === seed);
  const references = (['oracle', 'original'] as const).flatMap((role): ComparedModel[] => {
    const outcome = ofSeed(role === 'oracle' ? view.oracles : view.originals);
    return outcome ? [{ key: role, label: role, role, outcome }] : [];
  });
  const groups = groupRuns(view.runs);
  const names = groupNames(groups);
  const runs = groups.flatMap((group, i): ComparedModel[] => {
    const outcome = ofSeed(group.runs);
    return outcome
      ? [{ key: group.key, label: names[i]!, role: 'run', strategy: group.strategy, outcome }]
      : [];
  });
  return [...references, ...runs];
}

/** The key under which a run stands among the models of its seed. */
export function modelKeyOf(runs: View['runs'], runId: string | undefined): string | undefined {
  return groupRuns(runs).find((group) => group.runs.some(({ id }) => id === runId))?.key;
}

/** Seeds of the study, in its order. */
export function seedsOf({ oracles, originals }: View): number[] {
  return [...new Set([...oracles, ...originals].map(({ seed }) => seed))];
}

export const tellsAnswers = ({ answers }: ModelView): boolean => answers !== undefined;

/** The images that the models of a study answered on; while it is computed, those that its result will name. */
export function answeredOf({ answered, study, forget, originals }: View): Answered | undefined {
  if (answered) return answered;
  return forget && originals.some(tellsAnswers) ? derived(study, forget) : undefined;
}

const drawn = new WeakMap<readonly number[], Answered>();

function derived(study: View['study'], forget: readonly number[]): Answered {
  const known = drawn.get(forget);
  if (known) return known;
  const answered = answeredIn(study, Int32Array.from(forget));
  drawn.set(forget, answered);
  return answered;
}

const unpacked = new WeakMap<ModelAnswers, Partial<Record<ImageSetName, Answers>>>();

/** What a model said of the images of a set, in their order; undefined where it does not say. */
export function answersOn({ answers }: ModelView, set: ImageSetName, images: number): Answers | undefined {
  if (!answers) return undefined;
  const known = unpacked.get(answers) ?? {};
  unpacked.set(answers, known);
  return (known[set] ??= unpackAnswers(decodeBytes(answers[set]), images));
}

/** Confidence in a followed image's label after each epoch that tells it. @param position among the followed images */
export function followedConfidence(
  points: readonly SeriesPoint[],
  position: number,
  followed: number,
): { epoch: number; confidence: number }[] {
  return points.flatMap(({ epoch, answers }) =>
    answers === undefined
      ? []
      : [{ epoch, confidence: unpackAnswers(decodeBytes(answers), followed).confidence[position]! }],
  );
}
