import type { ModelSpec } from '../nn/spec';
import type { Settings } from '../settings';
import type { Run, Study, Tuning } from '../study/study';

/** What every planned stage has, whatever its kind. */
export interface StageBase {
  /** Id of its kind: `pretrain`, `mask`, … */
  stage: string;
  /** Hash of everything that it depends on. */
  key: string;
  /** Ids of the runs that need it. */
  runs: string[];
  /** Keys of the stages whose artifacts it starts from. */
  needs: string[];
  seed?: number;
  /** Which of several like models (`subset`, `shadow`), from 0. */
  model?: number;
  /** What it is about, where its kind, seed and runs do not say it: `original (seed 0): layers`. */
  about?: string;
}

/** A stage of a study with everything it depends on settled. `Inputs` is what its kind adds: see the kind's file in `stages/`. */
export type PlannedStage<Inputs = unknown> = StageBase & Inputs;

/** Which stage of which study an event is about. */
export interface StageRef extends Omit<StageBase, 'needs'> {
  /** Hash of the study. */
  study: string;
}

/** Whose model it is that a stage makes or measures. */
export type ModelRole = 'original' | 'oracle' | 'run';

/** The keys of what belongs to one repeat. */
export interface SeedKeys {
  pretrain: string;
  oracle: string;
  evaluateOriginal: string;
  evaluateOracle: string;
}

/** The keys of a run's stages; score and mask are absent where the method or the strategy needs none. */
export interface RunKeys {
  score?: string;
  mask?: string;
  unlearn: string;
  evaluate: string;
  /** Of the U-LiRA attack, where the study asks for it. */
  lira?: string;
}

export interface PlannedRun extends RunKeys {
  /** Of a tuned run with the settings of the candidate that won, or stands in for it (`Winners`). */
  run: Run;
  /** Of a tuned run, the key of its selection. */
  select?: string;
}

/** What of a plan hangs on which of some candidates is the best. */
export interface Selection {
  /** Of its stage. */
  key: string;
  /** The selection seed. */
  seed: number;
  tuning: Tuning;
  /** Ids of the tuned runs. */
  runs: string[];
  candidates: Pick<PlannedRun, 'run' | 'unlearn' | 'evaluate'>[];
}

/**
 * Which candidate won, by the key of the selection. Where that is not known yet, the first one stands in for the winner: so many stages
 * there are, and this is what they cost.
 */
export type Winners = ReadonlyMap<string, number>;

export interface Plan {
  study: Study;
  /** Hash of the study as a whole. */
  hash: string;
  spec: ModelSpec;
  forgetKey: string;
  forgetSettings: Settings;
  /** Key of the memorization scores that the forget rule ranks by, when it does. */
  memorizationKey?: string;
  /** In order of execution: what a stage needs stands before it. The first is the data set's. */
  stages: PlannedStage[];
  /** The reported ones first, in the order of the study, then those that only candidates are run on. */
  seeds: Map<number, SeedKeys>;
  reportedSeeds: number[];
  /** In the order of the study. */
  runs: PlannedRun[];
  /** Their stages stand before those that hang on them. */
  selections: Selection[];
  /** Settings that do not exist or do not fit, one sentence each; their defaults are used. */
  problems: string[];
  /** Why it cannot be computed, one sentence each; they are among the problems too. */
  refusals: string[];
}

/** What events say of a stage. */
export function stageRef(
  plan: Pick<Plan, 'hash'>,
  { stage, key, runs, seed, model, about }: PlannedStage,
): StageRef {
  return {
    study: plan.hash,
    stage,
    key,
    runs,
    ...(seed !== undefined && { seed }),
    ...(model !== undefined && { model }),
    ...(about !== undefined && { about }),
  };
}
