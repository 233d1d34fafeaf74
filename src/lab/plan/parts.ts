import { LetheError } from '../settings';
import type { ModelRole, Plan } from './plan';
import type { PlanRegistries } from './stage-planning';

/**
 * A part of a study that one process can do by itself: an original with its scores, an oracle, a candidate of tuned runs, or what one
 * unlearning gives; before them the subset models of a memorization study, where the forget rule asks for one, and the shadow models of the
 * U-LiRA attack; at last the comparisons of a seed's models, without which a result can be joined too. A tuned run needs its candidates.
 * Parts share artifacts; one that misses what it needs computes it again, with the same bits.
 */
export interface Part {
  /** `subset-0`, `shadow-0`, `original-s0`, `oracle-s0`, `compare-s0`, or the id of its (first) run. */
  id: string;
  /** Whose numbers it finds; absent where it only leads to other parts. */
  of?: ModelRole;
  seed: number;
  /** Ids of the parts whose artifacts it starts from. */
  needs: string[];
  /** Ids of the runs that it finishes: several where a method without a mask gives the same for all of them. */
  runs: string[];
  /** Keys of its stages and of those that they need, the data set's included. */
  stages: Set<string>;
}

/**
 * The parts of a plan: subset models, shadow models, originals, oracles and candidates first, then everything else in the order of the study.
 * They are called the same whoever wins among candidates.
 */
export function partsOf(plan: Plan, { stages: kinds }: Pick<PlanRegistries, 'stages'>): Part[] {
  const closure = closureOf(plan);
  const withNeeds = (keys: string[]) => new Set(keys.flatMap((key) => [...closure.get(key)!]));
  const data = plan.stages[0]!.key;
  // Nobody knows the forget set without the memorization scores that it is chosen by.
  const always = withNeeds([data, ...(plan.memorizationKey ? [plan.memorizationKey] : [])]);

  const own = plan.stages.flatMap((stage) => {
    const kind = kinds.get(stage.stage);
    const id = kind.part?.(stage);
    return id === undefined ? [] : [{ id, key: stage.key, seed: stage.seed!, isLast: kind.partComesLast }];
  });
  const helpers = own.filter(({ isLast }) => !isLast);
  const [early, late] = [true, false].map((wanted) =>
    helpers.filter(({ key }) => always.has(key) === wanted),
  ) as [typeof helpers, typeof helpers];

  // Candidates of equal content are one part, and so are the selections that they lead to.
  const candidates = new Map<string, { id: string; seed: number; selections: Set<string> }>();
  for (const { key, candidates: own } of plan.selections)
    for (const { run, evaluate } of own) {
      const known = candidates.get(evaluate) ?? { id: run.id, seed: run.seed, selections: new Set() };
      known.selections.add(key);
      candidates.set(evaluate, known);
    }

  const part = (rest: Pick<Part, 'id' | 'of' | 'seed' | 'runs'>, keys: string[]): Part => {
    const stages = new Set([...always, ...withNeeds(keys)]);
    const { id, of, seed } = rest;
    const { pretrain, oracle } = plan.seeds.get(seed) ?? {};
    const chosen = plan.selections.filter(({ key }) => stages.has(key));
    const leadsThere = ({ selections }: { selections: Set<string> }) =>
      chosen.some(({ key }) => selections.has(key));
    const before = [
      ...[...candidates.values()].filter(leadsThere).map((candidate) => candidate.id),
      ...new Set(chosen.map((selection) => `oracle-s${selection.seed}`)),
      ...(of !== 'original' && pretrain && stages.has(pretrain) ? [`original-s${seed}`] : []),
      ...(of !== 'oracle' && oracle && stages.has(oracle) ? [`oracle-s${seed}`] : []),
      ...late.filter(({ key }) => stages.has(key)).map((helper) => helper.id),
    ].filter((other) => other !== id);
    return { ...rest, needs: before.length > 0 ? before : early.map((helper) => helper.id), stages };
  };

  const isChosen = (key: string) => plan.selections.some((selection) => closure.get(key)!.has(selection.key));
  const scores = (seed: number) =>
    plan.stages
      .filter((stage) => kinds.get(stage.stage).comesWithOriginal && stage.seed === seed)
      .flatMap(({ key }) => (isChosen(key) ? [] : [key]));
  const seeds = [...plan.seeds];
  /** Models on a selection seed only lead to tuned runs. */
  const told = (seed: number, of: ModelRole) => plan.reportedSeeds.includes(seed) && { of };
  const byUnlearning = new Map<string, Part>();
  const ofRuns = plan.stages.filter((stage) => {
    const kind = kinds.get(stage.stage);
    return kind.isExpendable?.(stage) && !kind.part;
  });
  for (const { run, unlearn, select } of plan.runs) {
    const { id, seed } = run;
    // What a tuned run is like is known later than which parts there are.
    const content = select ? `${select} ${seed}` : unlearn;
    const known = byUnlearning.get(content);
    if (known) known.runs.push(id);
    else {
      const own = ofRuns.filter(({ runs }) => runs.includes(id)).map(({ key }) => key);
      byUnlearning.set(content, part({ id, of: 'run', seed, runs: [id] }, own));
    }
  }
  const last = [...new Set(own.filter(({ isLast }) => isLast).map(({ id }) => id))].map((id) => {
    const keys = own.filter((each) => each.id === id).map(({ key }) => key);
    const { seed } = own.find((each) => each.id === id)!;
    const members = plan.runs.filter(({ run }) => run.seed === seed);
    const made = part({ id, seed, runs: [] }, [...keys, ...members.flatMap(({ select }) => select ?? [])]);
    const needed = members.filter(({ unlearn }) => made.stages.has(unlearn));
    const runs = [...byUnlearning.values()].filter((each) =>
      needed.some(({ run }) => each.runs.includes(run.id)),
    );
    return { ...made, needs: [...made.needs, ...runs.map((run) => run.id)] };
  });
  return [
    ...early.map(({ id, key, seed }) => ({ id, seed, needs: [], runs: [], stages: new Set([data, key]) })),
    ...late.map(({ id, key, seed }) => part({ id, seed, runs: [] }, [key])),
    ...seeds.map(([seed, keys]) =>
      part({ id: `original-s${seed}`, ...told(seed, 'original'), seed, runs: [] }, [
        keys.evaluateOriginal,
        ...scores(seed),
      ]),
    ),
    ...seeds.map(([seed, keys]) =>
      part({ id: `oracle-s${seed}`, ...told(seed, 'oracle'), seed, runs: [] }, [keys.evaluateOracle]),
    ),
    ...[...candidates].map(([evaluate, { id, seed }]) => part({ id, seed, runs: [] }, [evaluate])),
    ...byUnlearning.values(),
    ...last,
  ];
}

/**
 * The parts of these names; a run's id names the part that it belongs to.
 * @throws LetheError when the study has no such part.
 */
export function partsNamed(
  plan: Plan,
  registries: Pick<PlanRegistries, 'stages'>,
  ids: readonly string[],
): Part[] {
  const parts = partsOf(plan, registries);
  const named = ids.map((id) => {
    const part = parts.find((candidate) => candidate.id === id || candidate.runs.includes(id));
    if (part) return part;
    throw new LetheError(
      `The study has no part "${id}": it has ${parts.length}, such as ${parts[0]!.id} and ${parts.at(-1)!.id}; lethe plan lists them.`,
    );
  });
  return [...new Set(named)];
}

/** The plan with only the stages that the named parts need. @throws LetheError when the study has no such part. */
export function restrictPlan(
  plan: Plan,
  registries: Pick<PlanRegistries, 'stages'>,
  ids: readonly string[],
): Plan {
  const parts = partsNamed(plan, registries, ids);
  return { ...plan, stages: plan.stages.filter(({ key }) => parts.some(({ stages }) => stages.has(key))) };
}

/** Every stage's key with the keys of all stages that it needs, itself included. */
function closureOf({ stages }: Plan): Map<string, Set<string>> {
  const closure = new Map<string, Set<string>>();
  for (const { key, needs } of stages)
    closure.set(key, new Set([key, ...needs.flatMap((need) => [...closure.get(need)!])]));
  return closure;
}
