import { normalisationProblem } from '../nn/checkpoints/normalisation';
import type { FitsNetwork } from '../nn/fit';
import { specOf } from '../nn/models';
import type { ModelSpec } from '../nn/spec';
import { type Entry, parseSettings, type Registry, type Settings } from '../settings';
import { expandRuns } from '../study/expand';
import type { Study } from '../study/study';
import { hashOf, keyOf } from './hash';
import type { Plan, PlannedRun, PlannedStage, SeedKeys } from './plan';
import type { Registries } from './registries';
import type { Planning, PlanRegistries, StagePlanning } from './stage-planning';

/**
 * Settles what a study has to compute. Pure: no data, no device.
 *
 * A key is the hash of exactly what its stage depends on, so that stages of equal content are shared by runs and by
 * studies: pretraining does not know the forget set, the oracle does not know the runs, scores do not know alpha.
 * @throws LetheError when the study names something unknown.
 */
export function planStudy(study: Study, registries: PlanRegistries): Plan {
  const runs = expandRuns(study);
  const ids = runs.map(({ id }) => id);
  const kinds = registries.stages.entries.flatMap(({ plan }) => plan ?? []);
  const planner = new Planner(study, registries, ids);

  const { memorization: memorizationKey } = Object.assign(
    {},
    ...kinds.map((kind) => kind.study?.(planner)),
  ) as { memorization?: string };
  planner.bindForgetSet(memorizationKey);

  // Without runs the original and its oracle are still worth comparing.
  const seedList = runs.length === 0 ? [0] : [...new Set(runs.map(({ seed }) => seed))];
  const seeds = new Map<number, SeedKeys>();
  const planned = new Map<string, PlannedRun>();
  for (const seed of seedList) {
    const keys: Partial<SeedKeys> = {};
    const own = runs
      .filter((run) => run.seed === seed)
      .map((run) => ({ run, keys: {} as Partial<PlannedRun>, seedKeys: keys }));
    const repeat = { seed, runs: own.map(({ run }) => run.id), keys };
    for (const kind of kinds) {
      Object.assign(keys, kind.seed?.(planner, repeat));
      for (const each of own) Object.assign(each.keys, kind.run?.(planner, each));
    }
    seeds.set(seed, keys as SeedKeys);
    for (const { run, keys } of own) planned.set(run.id, { run, ...keys } as PlannedRun);
  }
  for (const [seed, keys] of seeds) {
    const own = runs.filter((run) => run.seed === seed).map(({ id }) => id);
    for (const kind of kinds) kind.afterSeed?.(planner, { seed, runs: own }, keys);
  }
  // What takes longest, and nothing else waits for, comes last.
  for (const own of planned.values())
    for (const kind of kinds) Object.assign(own, kind.afterAll?.(planner, own, seeds.get(own.run.seed)!));

  return {
    study,
    hash: hashOf(study),
    spec: planner.spec,
    forgetKey: planner.forgetKey,
    forgetSettings: planner.forgetSettings,
    memorizationKey,
    stages: [...planner.stages.values()],
    seeds,
    runs: ids.map((id) => planned.get(id)!),
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

  constructor(study: Study, registries: Registries, runs: readonly string[]) {
    this.study = study;
    this.registries = registries;
    this.runs = runs;
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
    { id: stage }: StagePlanning<Inputs>,
    content: object,
    inputs: Inputs & Pick<PlannedStage, 'runs' | 'needs' | 'seed' | 'model' | 'about'>,
  ): string {
    const key = keyOf(stage, content);
    const known = this.stages.get(key);
    if (known) known.runs.push(...inputs.runs.filter((id) => !known.runs.includes(id)));
    else this.stages.set(key, { ...inputs, stage, key, runs: [...inputs.runs] });
    return key;
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
