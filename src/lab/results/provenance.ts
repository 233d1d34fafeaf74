import { partsOf } from '../plan/parts';
import type { Plan } from '../plan/plan';
import type { PlanRegistries } from '../plan/stage-planning';

/** Which model of a seed a number was measured of. */
export type ModelOfNumber =
  | { of: 'original' | 'oracle'; seed: number }
  | { of: 'run'; seed: number; run: string };

/** What a number of one seed was computed from, and how to compute it again. */
export interface Provenance {
  /** The stages that lead to it, in their order, with the keys of their artifacts. The last one measured it. */
  stages: { kind: string; key: string }[];
  /** The parts of the study that find it, for `lethe run --only`. */
  parts: string[];
}

/**
 * Of one number of one model.
 * @param compared whether it is a difference to the oracle, which the oracle's stages then belong to
 * @param measured id of the kind of stage that measures it: `evaluate`, or `lira`
 * @returns undefined where the plan does not have the model: the result is of another version of its study
 */
export function provenanceOf(
  plan: Plan,
  registries: Pick<PlanRegistries, 'stages'>,
  model: ModelOfNumber,
  { compared, measured = 'evaluate' }: { compared: boolean; measured?: string },
): Provenance | undefined {
  const seed = plan.seeds.get(model.seed);
  if (!seed) return undefined;
  const planned = model.of === 'run' ? plan.runs.find(({ run }) => run.id === model.run) : undefined;
  if (model.of === 'run' && !planned) return undefined;
  const own = {
    original: [seed.evaluateOriginal],
    oracle: [seed.evaluateOracle],
    run: [(measured === 'lira' ? planned?.lira : undefined) ?? planned?.evaluate],
  }[model.of];
  const last = own.flatMap((key) => key ?? []);
  const wanted = withNeeds(plan, compared ? [seed.evaluateOracle, ...last] : last);
  const stages = plan.stages.filter(({ key }) => wanted.has(key));
  const parts = partsOf(plan, registries);
  const partId =
    model.of === 'run'
      ? parts.find(({ runs }) => runs.includes(model.run))?.id
      : `${model.of}-s${model.seed}`;
  const oracle = `oracle-s${model.seed}`;
  return {
    // What was measured last is what the number is.
    stages: [
      ...stages.filter(({ key }) => !last.includes(key)),
      ...stages.filter(({ key }) => last.includes(key)),
    ].map(({ stage, key }) => ({ kind: stage, key })),
    parts: [...new Set([...(compared ? [oracle] : []), ...(partId === undefined ? [] : [partId])])],
  };
}

/** Keys of stages with those of all that they start from. */
function withNeeds({ stages }: Plan, keys: readonly string[]): Set<string> {
  const wanted = new Set(keys);
  for (const { key, needs } of stages.toReversed())
    if (wanted.has(key)) for (const need of needs) wanted.add(need);
  return wanted;
}
