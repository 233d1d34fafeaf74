import type { SubsetModels } from '../forget/memorization';
import { specOf } from '../nn/models';
import type { ModelSpec } from '../nn/spec';
import { type Entry, parseSettings, type Registry, type Settings } from '../settings';
import { expandRuns } from '../study/expand';
import { recipeFrom } from '../study/recipe';
import type { GivenWeights, Recipe, Run, Study } from '../study/study';
import type { StageName, StageRef } from './events';
import { hashOf } from './hash';
import type { Registries } from './registries';

/** Enters every key: raise it when a stage computes something else from the same inputs. */
export const CODE_VERSION = 2;

/** A stage of a study with everything it depends on settled; `key` is the hash of all of that. */
export type PlannedStage = { key: string; runs: string[] } & (
  | { stage: 'data' }
  /** One model of the memorization study: a number from 0 and the share of the training set that it sees. */
  | { stage: 'subset'; seed: number; model: number; share: number; recipe: Recipe }
  | { stage: 'memorization'; share: number; subsetKeys: string[] }
  /** With given weights nothing is trained: they are read, and the same for every seed. */
  | { stage: 'pretrain'; seed: number; recipe: Recipe; weights?: GivenWeights }
  | { stage: 'oracle'; seed: number; recipe: Recipe }
  | { stage: 'score'; seed: number; strategy: string; settings: Settings; gradientKey?: string }
  | { stage: 'mask'; seed: number; strategy: string; settings: Settings; alpha: number; scoreKey: string }
  | {
      stage: 'unlearn';
      seed: number;
      method: string;
      settings: Settings;
      recipe: Recipe;
      /** Absent: no mask, every parameter is free. */
      maskKey?: string;
    }
  | { stage: 'evaluate'; seed: number; of: 'original' | 'oracle' | 'run'; modelKey: string }
  /** One shadow model of the U-LiRA attack, trained like an original on the retain set and half of the forget set. */
  | { stage: 'shadow'; seed: number; model: number; recipe: Recipe }
  /** The same, localized and unlearned like a run; what is kept is phi of the forget examples. */
  | {
      stage: 'unlearn-shadow';
      seed: number;
      model: number;
      shadowKey: string;
      method: string;
      settings: Settings;
      recipe: Recipe;
      /** Absent: no mask. */
      localize?: { strategy: string; settings: Settings; alpha: number };
    }
  /** The attack on a run's own model. */
  | {
      stage: 'lira';
      seed: number;
      modelKey: string;
      oracleKey: string;
      evaluateKey: string;
      phiKeys: string[];
    }
);
export type StageOf<Name extends StageName> = Extract<PlannedStage, { stage: Name }>;

/** The keys of what belongs to one repeat. */
export interface SeedKeys {
  pretrain: string;
  oracle: string;
  evaluateOriginal: string;
  evaluateOracle: string;
}

/** A run and the keys of its stages; score and mask are absent where the method or the strategy needs none. */
export interface PlannedRun {
  run: Run;
  score?: string;
  mask?: string;
  unlearn: string;
  evaluate: string;
  /** Of the U-LiRA attack, where the study asks for it. */
  lira?: string;
}

export interface Plan {
  study: Study;
  /** Hash of the study as a whole. */
  hash: string;
  spec: ModelSpec;
  forgetKey: string;
  forgetSettings: Settings;
  /** Key of the memorization scores that the forget rule ranks by, when it does. */
  memorizationKey?: string;
  /** In order of execution: what a stage needs stands before it. */
  stages: PlannedStage[];
  seeds: Map<number, SeedKeys>;
  /** In the order of the study. */
  runs: PlannedRun[];
  /** Settings that do not exist or do not fit, one sentence each; their defaults are used. */
  problems: string[];
}

/**
 * Settles what a study has to compute. Pure: no data, no device.
 *
 * A key is the hash of exactly what its stage depends on, so that stages of equal content are shared by runs and by
 * studies: pretraining does not know the forget set, the oracle does not know the runs, scores do not know alpha.
 * @throws LetheError when the study names something unknown.
 */
export function planStudy(study: Study, registries: Registries): Plan {
  const runs = expandRuns(study);
  const planner = new Planner(
    study,
    registries,
    runs.map(({ id }) => id),
  );
  // Without runs the original and its oracle are still worth comparing.
  const seedList = runs.length === 0 ? [0] : [...new Set(runs.map(({ seed }) => seed))];
  const seeds = new Map<number, SeedKeys>();
  const planned = new Map<string, PlannedRun>();
  for (const seed of seedList) {
    const own = runs.filter((run) => run.seed === seed);
    const ids = own.map(({ id }) => id);
    const { pretrain, evaluateOriginal } = planner.original(seed, ids);
    // Scores and masks are cheap and say most: before the oracle, so that the map appears early.
    const masks = own.map((run) => planner.localization(run, pretrain));
    const { oracle, evaluateOracle } = planner.oracle(seed, ids);
    seeds.set(seed, { pretrain, oracle, evaluateOriginal, evaluateOracle });
    own.forEach((run, i) => {
      planned.set(run.id, { run, ...masks[i], ...planner.unlearning(run, pretrain, masks[i]?.mask) });
    });
  }
  // The attack takes longest: after everything that it is not needed for.
  for (const own of planned.values()) {
    const lira = planner.lira(own, seeds.get(own.run.seed)!.oracle);
    if (lira) planned.set(own.run.id, { ...own, lira });
  }
  const { spec, forgetKey, forget, memorizationKey, stages, problems } = planner;
  return {
    study,
    hash: hashOf(study),
    spec,
    forgetKey,
    forgetSettings: forget.settings,
    memorizationKey,
    stages: [...stages.values()],
    seeds,
    runs: runs.map(({ id }) => planned.get(id)!),
    problems: [...problems],
  };
}

/** Collects stages by key. */
class Planner {
  readonly spec: ModelSpec;
  readonly forgetKey: string;
  readonly forget: { id: string; settings: Settings };
  readonly memorizationKey: string | undefined;
  /** Where the rule plants labels, everything that is trained on them depends on it. */
  private readonly plantedKey: string | undefined;
  readonly stages = new Map<string, PlannedStage>();
  readonly problems = new Set<string>();
  private readonly study: Study;
  private readonly registries: Registries;
  private readonly metrics: string[];

  /** Begins with what everything stands on: the data, and what the forget set is chosen by. */
  constructor(study: Study, registries: Registries, runs: string[]) {
    this.study = study;
    this.registries = registries;
    this.spec = specOf(study.model, registries.sources.get(study.data.source));
    this.metrics = registries.metrics.entries.map(({ id }) => id);
    const { entry, settings } = this.settle(registries.forgetRules, study.forget.rule, study.forget.settings);
    this.forget = { id: entry.id, settings };
    this.add('data', study.data, { runs });
    this.memorizationKey = entry.subsets && this.memorization(entry.subsets(settings), runs);
    const { data, seed } = study;
    const content = { data, seed, rule: entry.id, settings, memorization: this.memorizationKey };
    this.forgetKey = keyOf('forget', content);
    this.plantedKey = entry.plants && this.forgetKey;
  }

  /** The subset models and what they say together. A model does not know how many others there are. */
  private memorization({ models, share, epochs }: SubsetModels, runs: string[]): string {
    const { data, seed, pretrain, microBatch } = this.study;
    const recipe = epochs > 0 ? { ...pretrain, epochs } : pretrain;
    const subsetKeys = Array.from({ length: models }, (_, model) => {
      const content = { data, config: this.spec.config, seed, recipe, microBatch, share, model };
      return this.add('subset', content, { seed, recipe, share, model, runs });
    });
    return this.add('memorization', { subsetKeys }, { subsetKeys, share, runs });
  }

  original(seed: number, runs: string[]) {
    const { pretrain: recipe, data, weights, microBatch } = this.study;
    const start = weights ? { weights: weights.sha256 ?? weights.file } : { seed, recipe, microBatch };
    const content = { data, config: this.spec.config, ...start, planted: this.plantedKey };
    const pretrain = this.add('pretrain', content, { seed, recipe, weights, runs });
    return { pretrain, evaluateOriginal: this.evaluation(seed, 'original', pretrain, runs) };
  }

  oracle(seed: number, runs: string[]) {
    const { oracle: recipe, data, microBatch } = this.study;
    const content = { data, config: this.spec.config, seed, recipe, microBatch, forget: this.forgetKey };
    const oracle = this.add('oracle', content, { seed, recipe, runs });
    return { oracle, evaluateOracle: this.evaluation(seed, 'oracle', oracle, runs) };
  }

  /** Score and mask of a run; nothing where its method takes no mask or its strategy selects everything. */
  localization({ id, seed, strategy, method, ...run }: Run, pretrain: string) {
    const { entry, settings } = this.settle(this.registries.localizers, strategy, run.localize);
    const { takesMask } = this.registries.unlearners.get(method);
    if (!takesMask || entry.selectsEverything) return {};
    const { gradient, model } = entry.needs;
    // The forget set enters only where it is looked at: a magnitude map is the same for every forget set.
    const { microBatch } = this.study;
    const over = gradient === 'forget' ? this.forgetKey : 'train';
    const gradientKey = gradient && keyOf('gradient', { pretrain, over, microBatch });
    const base = { seed, strategy, settings, runs: [id] };
    const forget = model && this.forgetKey;
    const score = this.add(
      'score',
      { pretrain, strategy, settings, gradientKey, forget },
      { ...base, gradientKey },
    );
    const alpha = entry.usesAlpha ? run.alpha : 1;
    const mask = this.add('mask', { score, alpha, seed }, { ...base, alpha, scoreKey: score });
    return { score, mask };
  }

  unlearning({ id, seed, ...run }: Run, pretrain: string, maskKey?: string) {
    const { entry, settings } = this.settle(this.registries.unlearners, run.method, run.unlearn);
    const recipe = recipeFrom(settings, this.study.pretrain);
    const base = { seed, method: entry.id, settings, recipe, maskKey };
    const content = { ...base, pretrain, forget: this.forgetKey, microBatch: this.study.microBatch };
    const unlearn = this.add('unlearn', content, { ...base, runs: [id] });
    return { unlearn, evaluate: this.evaluation(seed, 'run', unlearn, [id]) };
  }

  /** The U-LiRA attack on a run. Shadow models are repeats of their own, shared by all runs and their seeds. */
  lira({ run, unlearn, evaluate }: PlannedRun, oracle: string): string | undefined {
    const { study, registries } = this;
    if (!study.lira) return undefined;
    if (study.weights) {
      this.problems.add('U-LiRA trains shadow models like the original, so it cannot attack given weights.');
      return undefined;
    }
    const { id, seed: runSeed, strategy, alpha } = run;
    const { data, seed, pretrain, microBatch } = study;
    const { entry, settings } = this.settle(registries.unlearners, run.method, run.unlearn);
    const recipe = recipeFrom(settings, pretrain);
    const localizer = this.settle(registries.localizers, strategy, run.localize);
    const masked = entry.takesMask && !localizer.entry.selectsEverything;
    const localize = masked
      ? { strategy, settings: localizer.settings, alpha: localizer.entry.usesAlpha ? alpha : 1 }
      : undefined;
    const phiKeys = Array.from({ length: study.lira.shadows }, (_, model) => {
      const content = { data, config: this.spec.config, seed, pretrain, microBatch, forget: this.forgetKey };
      const base = { seed, model, runs: [id] };
      const shadowKey = this.add('shadow', { ...content, model }, { ...base, recipe: pretrain });
      const how = { shadowKey, method: entry.id, settings, recipe, localize };
      return this.add('unlearn-shadow', { ...how, microBatch }, { ...base, ...how });
    });
    const rest = { modelKey: unlearn, oracleKey: oracle, evaluateKey: evaluate, phiKeys };
    return this.add('lira', { unlearn, oracle, phiKeys }, { ...rest, seed: runSeed, runs: [id] });
  }

  private evaluation(seed: number, of: StageOf<'evaluate'>['of'], modelKey: string, runs: string[]): string {
    const content = { modelKey, forget: this.forgetKey, metrics: this.metrics };
    return this.add('evaluate', content, { seed, of, modelKey, runs });
  }

  /** The key of a stage with this content; a stage of equal content is shared. */
  add<Name extends StageName>(
    stage: Name,
    content: object,
    rest: Omit<StageOf<Name>, 'stage' | 'key'> & { runs: string[] },
  ): string {
    const key = keyOf(stage, content);
    const known = this.stages.get(key);
    if (known) known.runs.push(...rest.runs.filter((id) => !known.runs.includes(id)));
    else this.stages.set(key, { ...rest, stage, key, runs: [...rest.runs] } as unknown as PlannedStage);
    return key;
  }

  private settle<T extends Entry>(registry: Registry<T>, id: string, given: Settings) {
    const entry = registry.get(id);
    const { settings, problems } = parseSettings(entry.settings, given);
    for (const problem of problems) this.problems.add(`${entry.label}: ${problem}`);
    return { entry, settings };
  }
}

/** What events say of a stage. */
export function stageRef(plan: Plan, stage: PlannedStage): StageRef {
  const { key, runs } = stage;
  const seed = 'seed' in stage ? { seed: stage.seed } : {};
  const model = 'model' in stage ? { model: stage.model } : {};
  return { study: plan.hash, stage: stage.stage, key, runs, ...seed, ...model };
}

function keyOf(stage: string, content: object): string {
  return hashOf({ code: CODE_VERSION, stage, ...content });
}
