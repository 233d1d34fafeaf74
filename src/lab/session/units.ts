import { LetheError } from '../settings';
import type { Plan, PlannedStage } from './plan';

/**
 * A part of a study that one process can do by itself: an original with its scores, an oracle, or what one unlearning
 * gives; before them the subset models of a memorization study, where the forget rule asks for one, and
 * the shadow models of the U-LiRA attack. Units share artifacts; one that misses what it needs computes it again, with the same bits.
 */
export interface Unit {
  /** `subset-0`, `shadow-0`, `original-s0`, `oracle-s0`, or the id of its (first) run. */
  id: string;
  of: 'subset' | 'shadow' | 'original' | 'oracle' | 'run';
  seed: number;
  /** Ids of the units whose artifacts it starts from. */
  needs: string[];
  /** Ids of the runs that it finishes: several where a method without a mask gives the same for all of them. */
  runs: string[];
  /** Keys of its stages and of those that they need, the data set's included. */
  stages: Set<string>;
}

/** The units of a plan: subset models, shadow models and originals first, then everything else in the order of the study. */
export function unitsOf(plan: Plan): Unit[] {
  const closure = dependencies(plan);
  const data = plan.stages[0]!.key;
  const subsets = plan.stages.flatMap((stage): Unit[] => {
    if (stage.stage !== 'subset') return [];
    const { key, seed, model } = stage;
    return [{ id: `subset-${model}`, of: 'subset', seed, needs: [], runs: [], stages: new Set([data, key]) }];
  });
  // Nobody knows the forget set without the memorization scores that it is chosen by.
  const { memorizationKey } = plan;
  const always = [data, ...(memorizationKey ? closure.get(memorizationKey)! : [])];
  const unit = (rest: Omit<Unit, 'needs' | 'stages'>, keys: string[]): Unit => ({
    ...rest,
    needs: rest.of === 'original' ? subsets.map(({ id }) => id) : [`original-s${rest.seed}`],
    stages: new Set([...always, ...keys.flatMap((key) => [...closure.get(key)!])]),
  });
  const shadows = plan.stages.flatMap((stage): Unit[] => {
    if (stage.stage !== 'shadow') return [];
    const { key, seed, model } = stage;
    const needs = subsets.map(({ id }) => id);
    return [{ ...unit({ id: `shadow-${model}`, of: 'shadow', seed, runs: [] }, [key]), needs }];
  });
  const scores = (seed: number) =>
    plan.stages.filter((stage) => stage.stage === 'score' && stage.seed === seed).map(({ key }) => key);
  const seeds = [...plan.seeds];
  const originals = seeds.map(([seed, keys]) =>
    unit({ id: `original-s${seed}`, of: 'original', seed, runs: [] }, [
      keys.evaluateOriginal,
      ...scores(seed),
    ]),
  );
  const oracles = seeds.map(([seed, keys]) =>
    unit({ id: `oracle-s${seed}`, of: 'oracle', seed, runs: [] }, [keys.evaluateOracle]),
  );
  const byUnlearning = new Map<string, Unit>();
  for (const { run, unlearn, evaluate, lira } of plan.runs) {
    const known = byUnlearning.get(unlearn);
    if (known) known.runs.push(run.id);
    else {
      const { id, seed } = run;
      const own = unit({ id, of: 'run', seed, runs: [id] }, [unlearn, evaluate, ...(lira ? [lira] : [])]);
      const attacked = lira ? [`oracle-s${seed}`, ...shadows.map((shadow) => shadow.id)] : [];
      byUnlearning.set(unlearn, { ...own, needs: [...own.needs, ...attacked] });
    }
  }
  return [...subsets, ...shadows, ...originals, ...oracles, ...byUnlearning.values()];
}

/**
 * The units of these names; a run's id names the unit that it belongs to.
 * @throws LetheError when the study has no such unit.
 */
export function unitsNamed(plan: Plan, ids: readonly string[]): Unit[] {
  const units = unitsOf(plan);
  const named = ids.map((id) => {
    const unit = units.find((candidate) => candidate.id === id || candidate.runs.includes(id));
    if (unit) return unit;
    throw new LetheError(
      `The study has no part "${id}": it has ${units.length}, such as ${units[0]!.id} and ${units.at(-1)!.id}; lethe plan lists them.`,
    );
  });
  return [...new Set(named)];
}

/** The plan with only the stages that the named units need. @throws LetheError when the study has no such unit. */
export function restrictPlan(plan: Plan, ids: readonly string[]): Plan {
  const units = unitsNamed(plan, ids);
  return { ...plan, stages: plan.stages.filter(({ key }) => units.some(({ stages }) => stages.has(key))) };
}

/** Every stage's key with the keys of all stages that it needs, itself included. */
function dependencies(plan: Plan): Map<string, Set<string>> {
  const closure = new Map<string, Set<string>>();
  for (const stage of plan.stages) {
    const own = new Set([stage.key]);
    for (const need of directNeeds(plan, stage)) for (const key of closure.get(need)!) own.add(key);
    closure.set(stage.key, own);
  }
  return closure;
}

function directNeeds(plan: Plan, stage: PlannedStage): string[] {
  switch (stage.stage) {
    case 'data':
    case 'subset':
    case 'pretrain':
    case 'shadow':
      return [];
    case 'unlearn-shadow':
      return [stage.shadowKey];
    case 'lira':
      return [stage.modelKey, stage.oracleKey, stage.evaluateKey, ...stage.phiKeys];
    case 'memorization':
      return stage.subsetKeys;
    case 'oracle':
    case 'score':
      return [plan.seeds.get(stage.seed)!.pretrain];
    case 'mask':
      return [stage.scoreKey];
    case 'unlearn':
      return [plan.seeds.get(stage.seed)!.pretrain, ...(stage.maskKey ? [stage.maskKey] : [])];
    case 'evaluate':
      return [stage.modelKey];
  }
}
