import { specOf } from '../nn/models';
import type { ModelSpec } from '../nn/spec';
import type { Entry } from '../settings';
import { parseSettings, type Registry, type Settings } from '../settings';
import { expandRuns } from '../study/expand';
import { recipeFrom } from '../study/recipe';
import type { Recipe, Run, Study } from '../study/study';
import type { StageName } from './events';
import { hashOf } from './hash';
import type { Registries } from './registries';

/** Enters every key: raise it when a stage computes something else from the same inputs. */
export const CODE_VERSION = 1;

/** A stage of a study with everything it depends on settled; `key` is the hash of all of that. */
export type PlannedStage = { key: string; runs: string[] } & (
  | { stage: 'data' }
  | { stage: 'pretrain' | 'oracle'; seed: number; recipe: Recipe }
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
}

export interface Plan {
  study: Study;
  /** Hash of the study as a whole. */
  hash: string;
  spec: ModelSpec;
  forgetKey: string;
  forgetSettings: Settings;
  /** In order of execution: what a stage needs stands before it. */
  stages: PlannedStage[];
  seeds: Map<number, SeedKeys>;
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
  const problems: string[] = [];
  const settle = <T extends Entry>(registry: Registry<T>, id: string, given: Settings) => {
    const entry = registry.get(id);
    const parsed = parseSettings(entry.settings, given);
    problems.push(...parsed.problems.map((problem) => `${entry.label}: ${problem}`));
    return { entry, settings: parsed.settings };
  };
  const key = (stage: string, content: object) => hashOf({ code: CODE_VERSION, stage, ...content });

  const source = registries.sources.get(study.data.source);
  const spec = specOf(study.model, source);
  const runs = expandRuns(study);
  const dataKey = key('data', study.data);
  const forget = settle(registries.forgetRules, study.forget.rule, study.forget.settings);
  const forgetKey = key('forget', {
    dataKey,
    seed: study.seed,
    rule: forget.entry.id,
    settings: forget.settings,
  });
  const metrics = registries.metrics.entries.map(({ id }) => id);

  const stages = new Map<string, PlannedStage>();
  const add = (stage: PlannedStage): string => {
    const known = stages.get(stage.key);
    if (!known) stages.set(stage.key, stage);
    else known.runs.push(...stage.runs.filter((id) => !known.runs.includes(id)));
    return stage.key;
  };
  const addEvaluation = (stage: Omit<StageOf<'evaluate'>, 'key' | 'stage'>): string =>
    add({ ...stage, stage: 'evaluate', key: key('evaluate', { model: stage.modelKey, forgetKey, metrics }) });

  add({ stage: 'data', key: dataKey, runs: runs.map(({ id }) => id) });
  const seeds = new Map<number, SeedKeys>();
  const planned = new Map<string, PlannedRun>();
  const seedList = runs.length === 0 ? [0] : [...new Set(runs.map(({ seed }) => seed))];
  for (const seed of seedList) {
    const own = runs.filter((run) => run.seed === seed);
    const ids = own.map(({ id }) => id);
    const training = { dataKey, config: spec.config, seed };

    const pretrain = add({
      stage: 'pretrain',
      seed,
      recipe: study.pretrain,
      runs: ids,
      key: key('pretrain', { ...training, recipe: study.pretrain }),
    });
    const evaluateOriginal = addEvaluation({ seed, of: 'original', modelKey: pretrain, runs: ids });

    // Scores and masks are cheap and say most: before the oracle, so that the map appears early.
    const masks = new Map<string, { score?: string; mask?: string; unlearner: StageOf<'unlearn'> }>();
    for (const run of own) {
      const method = settle(registries.unlearners, run.method, run.unlearn);
      const strategy = settle(registries.localizers, run.strategy, run.localize);
      const { entry: localizer, settings } = strategy;
      const recipe = recipeFrom(method.settings, study.pretrain);
      let score: string | undefined;
      let mask: string | undefined;
      if (method.entry.takesMask && localizer.id !== 'full') {
        const { gradient } = localizer.needs;
        const gradientKey =
          gradient && key('gradient', { pretrain, over: gradient === 'forget' ? forgetKey : 'train' });
        // The forget set enters only where it is looked at: a magnitude map is the same for every forget set.
        const scoreContent = { pretrain, strategy: localizer.id, settings, gradientKey };
        score = add({
          stage: 'score',
          seed,
          strategy: localizer.id,
          settings,
          gradientKey,
          runs: [run.id],
          key: key('score', scoreContent),
        });
        const alpha = localizer.usesAlpha ? run.alpha : 1;
        mask = add({
          stage: 'mask',
          seed,
          strategy: localizer.id,
          settings,
          alpha,
          scoreKey: score,
          runs: [run.id],
          key: key('mask', { score, alpha, seed }),
        });
      }
      const content = {
        pretrain,
        forgetKey,
        mask,
        method: method.entry.id,
        settings: method.settings,
        recipe,
        seed,
      };
      const unlearner: StageOf<'unlearn'> = {
        stage: 'unlearn',
        seed,
        method: method.entry.id,
        settings: method.settings,
        recipe,
        maskKey: mask,
        runs: [run.id],
        key: key('unlearn', content),
      };
      masks.set(run.id, { score, mask, unlearner });
    }

    const oracle = add({
      stage: 'oracle',
      seed,
      recipe: study.oracle,
      runs: ids,
      key: key('oracle', { ...training, forgetKey, recipe: study.oracle }),
    });
    const evaluateOracle = addEvaluation({ seed, of: 'oracle', modelKey: oracle, runs: ids });
    seeds.set(seed, { pretrain, oracle, evaluateOriginal, evaluateOracle });

    for (const run of own) {
      const { score, mask, unlearner } = masks.get(run.id)!;
      const unlearn = add(unlearner);
      const evaluate = addEvaluation({ seed, of: 'run', modelKey: unlearn, runs: [run.id] });
      planned.set(run.id, { run, score, mask, unlearn, evaluate });
    }
  }
  return {
    study,
    hash: hashOf(study),
    spec,
    forgetKey,
    forgetSettings: forget.settings,
    stages: [...stages.values()],
    seeds,
    runs: runs.map(({ id }) => planned.get(id)!),
    problems: [...new Set(problems)],
  };
}
