import { deltas } from '../evaluate/deltas';
import { encodeFloats } from '../study/floats';
import type { DeviceDescription, ModelOutcome, RunOutcome, StudyResult } from '../study/result';
import type { Plan } from './plan';
import type { Registries } from './registries';
import type { Outcomes } from './study-runner';

/** `result.json` of a finished study. @param finished ISO date. */
export function buildResult(
  plan: Plan,
  outcomes: Outcomes,
  metrics: Registries['metrics'],
  device: DeviceDescription,
  finished: string,
): StudyResult {
  const outcome = (seed: number, model: string, evaluation: string): ModelOutcome => {
    const { series, cost } = outcomes.models.get(model)!;
    return { seed, metrics: outcomes.metrics.get(evaluation)!, series, cost };
  };
  const { memorization } = outcomes;
  const seeds = [...plan.seeds];
  const originals = seeds.map(([seed, keys]) => outcome(seed, keys.pretrain, keys.evaluateOriginal));
  const oracles = seeds.map(([seed, keys]) => outcome(seed, keys.oracle, keys.evaluateOracle));
  const runs = plan.runs.map(({ run, unlearn, evaluate }): RunOutcome => {
    const { id, label, strategy, method, alpha, seed } = run;
    const own = outcome(seed, unlearn, evaluate);
    const oracle = outcomes.metrics.get(plan.seeds.get(seed)!.evaluateOracle)!;
    return { id, label, strategy, method, alpha, ...own, deltas: deltas(oracle, own.metrics, metrics) };
  });
  return {
    lethe: 1,
    study: plan.study,
    device,
    finished,
    original: originals[0]!,
    oracle: oracles[0]!,
    originals,
    oracles,
    runs,
    detail: {
      forget: [...outcomes.forget.indices],
      ...(outcomes.forget.planted && { planted: [...outcomes.forget.planted] }),
      ...(memorization && {
        memorization: {
          ...memorization,
          scores: encodeFloats(memorization.scores),
          errors: encodeFloats(memorization.errors),
        },
      }),
      losses: encodeFloats(outcomes.losses),
      maps: outcomes.maps.filter(({ seed }) => seed === seeds[0]![0]),
    },
  };
}
