import type { Answered } from '../../../lab/study/result';
import {
  answeredOf,
  answersOn,
  type ComparedModel,
  comparedModels,
  type ImageSetName,
  modelKeyOf,
  seedsOf,
  tellsAnswers,
} from '../../state/compared-models';
import type { ModelsChoice } from '../../state/models-slice';
import type { View } from '../../state/view';

/** Two models of one seed side by side, and what there is to compare them with. */
export interface Comparison {
  view: View;
  seed: number;
  seeds: number[];
  /** Every model of the seed, also those that tell no answers yet. */
  models: ComparedModel[];
  a: ComparedModel;
  b: ComparedModel;
  original?: ComparedModel;
  oracle?: ComparedModel;
  answered: Answered;
}

export const isComparable = ({ outcome }: ComparedModel): boolean => tellsAnswers(outcome);

/**
 * The reader's choice, completed: the selected run against the oracle. undefined as long as there are no two models that tell their
 * answers.
 * @param run id of the selected run
 */
export function comparisonOf(
  view: View | undefined,
  choice: Pick<ModelsChoice, 'a' | 'b' | 'seed'>,
  run: string | undefined,
): Comparison | undefined {
  const answered = view && answeredOf(view);
  if (!view || !answered) return undefined;
  const seeds = seedsOf(view);
  const selected = view.runs.find(({ id }) => id === run);
  const seed = seeds.find((known) => known === choice.seed) ?? selected?.seed ?? seeds[0] ?? 0;
  const models = comparedModels(view, seed);
  const told = models.filter(isComparable);
  const named = (key: string | undefined) => told.find((model) => model.key === key);
  const [oracle, original] = [named('oracle'), named('original')];
  const firstRun = told.find(({ role }) => role === 'run');
  const a = named(choice.a) ?? named(modelKeyOf(view.runs, run)) ?? firstRun ?? original;
  const b = named(choice.b) ?? oracle ?? told.find((model) => model !== a);
  return a && b && { view, seed, seeds, models, a, b, original, oracle, answered };
}

/** Models that the reader chose, by an address say, and that the study does not have: their keys. */
export function unknownModels(view: View, { a, b }: Pick<ModelsChoice, 'a' | 'b'>): string[] {
  const known = new Set(seedsOf(view).flatMap((seed) => comparedModels(view, seed).map(({ key }) => key)));
  return [a, b].filter((key) => key !== undefined && !known.has(key)) as string[];
}

/** How many images each set has, of which the answers may be a sample. */
export function setSizes({ view: { study, forget } }: Comparison): Record<ImageSetName, number> {
  const { train, test } = study.data;
  const forgotten = forget?.length ?? 0;
  return { forget: forgotten, retain: train - forgotten, test };
}

/** Percent of the told images of a set of which both models say the same class; undefined where there are none. */
export function agreement({ a, b, answered }: Comparison, set: ImageSetName): number | undefined {
  const images = answered[set].length;
  const [own, other] = [a, b].map(({ outcome }) => answersOn(outcome, set, images)?.predicted);
  if (!own || !other || images === 0) return undefined;
  return (own.reduce((sum, says, i) => sum + Number(says === other[i]), 0) / images) * 100;
}

/** One of the two models with the letter that stands for it. */
export interface Side {
  letter: 'A' | 'B';
  model: ComparedModel;
}

/** A and B; only A where both are the same model. */
export function sidesOf({ a, b }: Pick<Comparison, 'a' | 'b'>): Side[] {
  const own: Side = { letter: 'A', model: a };
  return a.key === b.key ? [own] : [own, { letter: 'B', model: b }];
}

/** Which of the two is judged by the oracle: A, or B where A is the oracle itself. */
export const subjectOf = ({ a }: Pick<Comparison, 'a'>): 'a' | 'b' => (a.role === 'oracle' ? 'b' : 'a');

/** As it stands within a sentence: `the oracle`, `DEL, α 0.1`. */
export const inSentence = ({ role, label }: Pick<ComparedModel, 'role' | 'label'>): string =>
  role === 'run' ? label : `the ${label}`;

const NAMES: Record<ImageSetName, string> = {
  forget: 'images to forget',
  retain: 'retained images',
  test: 'test images',
};

/** `all 500 images to forget`, `1,000 of 4,500 retained images`. */
export function sampleText(set: ImageSetName, told: number, size: number): string {
  const [some, all] = [told, size].map((value) => value.toLocaleString('en-US'));
  return told < size ? `${some} of ${all} ${NAMES[set]}` : `all ${all} ${NAMES[set]}`;
}
