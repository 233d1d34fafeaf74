import { normalisationProblem } from '../nn/checkpoints/normalisation';
import type { FitsNetwork } from '../nn/fit';
import { specOf } from '../nn/models';
import type { ModelSpec } from '../nn/spec';
import { type Entry, parseSettings, type Registry, type Settings } from '../settings';
import { expandRuns } from '../study/expand';
import type { Run, Study } from '../study/study';
import { hashOf, keyOf, keyOfStage } from './hash';
import type { Plan, PlannedRun, PlannedStage, SeedKeys, Selection, Winners } from './plan';
import type { Registries } from './registries';
import type { Planning, PlanRegistries, StagePlanning } from './stage-planning';
import { candidateRuns, isTuned, tuningsOf } from './tuning';

/**
 * Settles what a study has to compute. Pure: no data, no device.
 *
 * A key is the hash of exactly what its stage depends on, so that stages of equal content are shared by runs and by
 * studies: pretraining does not know the forget set, the oracle does not know the runs, scores do not know alpha.
 * @param winners of the tuned runs, as far as they are known
 * @throws LetheError when the study names something unknown, or chooses settings on a seed that it reports.
 */
export function planStudy(study: Study, registries: PlanRegistries, winners: Winners = new Map()): Plan {
  const runs = expandRuns(study, registries);
  const ids = runs.map(({ id }) => id);
  // Without runs the original and its oracle are still worth comparing.
  const reportedSeeds = runs.length === 0 ? [0] : [...new Set(runs.map(({ seed }) => seed))];
  const kinds = registries.stages.entries.flatMap(({ plan, step }) => (plan ? [{ ...plan, step }] : []));
  const planner = new Planner(study, registries, { runs: ids, reportedSeeds, winners });

  const { memorization: memorizationKey } = Object.assign(
    {},
    ...kinds.map((kind) => kind.study?.(planner)),
  ) as { memorization?: string };
  planner.bindForgetSet(memorizationKey);

  const seeds = new Map<number, SeedKeys>();
  const planned = new Map<string, PlannedRun>();
  /** What belongs to one repeat; of tuned runs what is the same for all candidates. */
  const planSeed = (seed: number, members: Run[]) => {
    const keys: Partial<SeedKeys> = {};
    const own = members.map((run) => ({ run, keys: {} as Partial<PlannedRun>, seedKeys: keys }));
    const repeat = { seed, runs: members.map(({ id }) => id), keys };
    for (const kind of kinds) {
      Object.assign(keys, kind.seed?.(planner, repeat));
      for (const each of own)
        if (!isTuned(each.run, kind.step)) Object.assign(each.keys, kind.run?.(planner, each));
    }
    seeds.set(seed, keys as SeedKeys);
    for (const { run, keys: found } of own) planned.set(run.id, { run, ...found } as PlannedRun);
  };

  for (const seed of reportedSeeds)
    planSeed(
      seed,
      runs.filter((run) => run.seed === seed),
    );

  const tunings = tuningsOf(runs);
  const candidates = [...tunings].flatMap(([tuning, [tuned]]) => candidateRuns(tuning, tuned!));
  for (const seed of new Set(candidates.map((run) => run.seed)))
    planSeed(
      seed,
      candidates.filter((run) => run.seed === seed),
    );
  const selections = new Map<string, Selection>();
  for (const [tuning, tuned] of tunings) {
    const { seed } = tuning;
    const asked = {
      seed,
      tuning,
      runs: tuned.map(({ id }) => id),
      candidates: tuning.candidates.map(({ id }) => planned.get(id)!),
    };
    const [key] = kinds.flatMap((kind) => kind.selection?.(planner, asked, seeds.get(seed)!) ?? []);
    const known = selections.get(key!);
    const all = known && {
      ...known,
      runs: [...known.runs, ...asked.runs],
      candidates: [...known.candidates, ...asked.candidates],
    };
    selections.set(key!, all ?? { key: key!, ...asked });
    const winner = tuning.candidates[winners.get(key!) ?? 0] ?? tuning.candidates[0]!;
    for (const run of tuned) {
      const { localize, unlearn } = winner;
      planned.set(run.id, { ...planned.get(run.id)!, run: { ...run, localize, unlearn }, select: key! });
    }
  }
  for (const own of ids.map((id) => planned.get(id)!)) {
    if (!own.select) continue;
    planner.waitFor(own.select);
    const each = { run: own.run, keys: own, seedKeys: seeds.get(own.run.seed)! };
    for (const kind of kinds) if (isTuned(own.run, kind.step)) Object.assign(own, kind.run?.(planner, each));
  }
  planner.waitFor(undefined);
  for (const seed of reportedSeeds) {
    const own = runs.filter((run) => run.seed === seed).map(({ id }) => id);
    for (const kind of kinds) kind.afterSeed?.(planner, { seed, runs: own }, seeds.get(seed)!);
  }
  // What takes longest, and nothing else waits for, comes last.
  for (const own of ids.map((id) => planned.get(id)!)) {
    planner.waitFor(own.select);
    for (const kind of kinds) Object.assign(own, kind.afterAll?.(planner, own, seeds.get(own.run.seed)!));
  }

  return {
    study,
    hash: hashOf(study),
    spec: planner.spec,
    forgetKey: planner.forgetKey,
    forgetSettings: planner.forgetSettings,
    memorizationKey,
    stages: [...planner.stages.values()],
    seeds,
    reportedSeeds,
    runs: ids.map((id) => planned.get(id)!),
    selections: [...selections.values()],
    problems: [...planner.problems],
    refusals: [...planner.refusals],
  };
}

/** Collects stages by key. */
class Planner implements Planning {
  readonly stages = new Map<string, PlannedStage>();
  readonly problems = new Set<string>();
  readonly refusals = new Set<string>();
  readonly spec: ModelSpec;
  readonly forgetSettings: Settings;
  forgetKey = '';
  plantedKey: string | undefined;
  readonly study: Study;
  readonly registries: Registries;
  readonly runs: readonly string[];
  readonly reportedSeeds: readonly number[];
  private readonly winners: Winners;
  /** Key of the selection that decides what is planned. */
  private decision: string | undefined;
  /** Keys of the stages that a selection decides. */
  private readonly decided = new Set<string>();

  constructor(
    study: Study,
    registries: Registries,
    given: Pick<Planning, 'runs' | 'reportedSeeds'> & { winners: Winners },
  ) {
    this.study = study;
    this.registries = registries;
    this.runs = given.runs;
    this.reportedSeeds = given.reportedSeeds;
    this.winners = given.winners;
    const source = registries.sources.get(study.data.source);
    this.spec = specOf(study.model, source);
    const { normalise, order, labelColumn } = study.data;
    if (labelColumn !== undefined && !source.report)
      this.note(`data.labelColumn is for images of one’s own; ${source.label} has one column of classes.`);
    if (order)
      this.note(
        'data.order: only the command line knows the files of a folder, so examples in torchvision’s order are renumbered there.',
      );
    const misfit = normalise && normalisationProblem(normalise, source.shape[2]);
    if (misfit) this.note(`data.normalise is not usable: ${misfit}.`);
    if (study.runs.some(({ select, weights }) => select && weights))
      this.note('A model from a file has no settings to choose: leave "select" out of its run.');
    const { rule, settings } = study.forget;
    this.forgetSettings = this.settle(registries.forgetRules, rule, settings).settings;
  }

  /** From here on stages may depend on the forget set. */
  bindForgetSet(memorization: string | undefined): void {
    const { data, seed, forget } = this.study;
    const content = { data, seed, rule: forget.rule, settings: this.forgetSettings, memorization };
    this.forgetKey = keyOf('forget', content);
    const { plants } = this.registries.forgetRules.get(forget.rule);
    this.plantedKey = plants ? this.forgetKey : undefined;
  }

  add<Inputs>(
    kind: StagePlanning<Inputs>,
    content: object,
    inputs: Inputs & Pick<PlannedStage, 'runs' | 'needs' | 'seed' | 'model' | 'about'>,
  ): string {
    const { id: stage, part, partComesLast } = kind;
    const key = keyOfStage(kind, content, this.study);
    const known = this.stages.get(key);
    // A model that only leads to others is the same whoever wins.
    const decision = part && !partComesLast ? undefined : this.decision;
    if (known) {
      // A stage that others have is not that of a run whose settings nobody knows yet.
      if (!decision || this.winners.has(decision))
        known.runs.push(...inputs.runs.filter((id) => !known.runs.includes(id)));
      if (decision && this.decided.has(key) && !known.needs.includes(decision)) known.needs.push(decision);
    } else {
      const needs = decision ? [...inputs.needs, decision] : inputs.needs;
      this.stages.set(key, { ...inputs, needs, stage, key, runs: [...inputs.runs] });
      if (decision) this.decided.add(key);
    }
    return key;
  }

  /** From here on what is planned hangs on a selection, or on none. */
  waitFor(selection: string | undefined): void {
    this.decision = selection;
  }

  settle<T extends Entry>(registry: Registry<T>, id: string, given: Settings) {
    const entry = registry.get(id);
    const { settings, problems } = parseSettings(entry.settings, given);
    for (const problem of problems) this.note(`${entry.label}: ${problem}`);
    return { entry, settings };
  }

  note(problem: string): void {
    this.problems.add(problem);
  }

  checkFit(entry: FitsNetwork): void {
    const problem = entry.unfit?.(this.spec);
    if (!problem) return;
    this.note(problem);
    this.refusals.add(problem);
  }
}
