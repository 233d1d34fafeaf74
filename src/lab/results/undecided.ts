import { metrics } from '../evaluate/metrics';
import type { ModelOutcome, RunOutcome } from '../study/result';

type Ties = NonNullable<ModelOutcome['undecided']>;
type Model = Pick<ModelOutcome, 'seed' | 'undecided'>;
type Run = Model & Pick<RunOutcome, 'id' | 'label'>;

/**
 * What is said beside an attack's number where it could not decide, as the rest of a sentence.
 * @param forget how many examples there are
 * @example undecidedText({ mia: 12 }, 12) // "cannot decide on some forget images, which count as members (MIA: 12 of 12)"
 */
export function undecidedText(ties: Ties, forget: number): string {
  const counts = Object.entries(ties).map(
    ([id, examples]) => `${metrics.find(id)?.label ?? id}: ${examples} of ${forget}`,
  );
  return `cannot decide on some forget images, which count as members (${counts.join(', ')})`;
}

/** Of a result or of what is known of one so far: a sentence for each model of which an attack left images undecided. */
export function undecidedModels(
  models: { originals: readonly Model[]; oracles: readonly Model[]; runs: readonly Run[] },
  forget: number,
): string[] {
  const named = [
    ...models.originals.map((model) => ({ name: `the original, seed ${model.seed}`, ...model })),
    ...models.oracles.map((model) => ({ name: `the oracle, seed ${model.seed}`, ...model })),
    ...models.runs.map((model) => ({ name: `${model.id} (${model.label})`, ...model })),
  ];
  return named.flatMap(({ name, undecided }) =>
    undecided ? [`Of ${name} the attacks ${undecidedText(undecided, forget)}.`] : [],
  );
}
