import type { ForgetSet } from '../forget/forget-rule';
import type { MemorizationStudy } from '../forget/memorization';
import type { ComparisonRecord, Cost, MapRecord, ModelOutcome, Series, Tuned } from '../study/result';

/** What is kept beside a trained network's weights. */
export interface ModelNote {
  cost: Cost;
  series: Series;
  /** Hash of the forget indices that the curves (and, but for the original, the weights) belong to. */
  forget: string;
  /** The study's, by which the samples of the curves were drawn; absent in notes of versions that did not keep it. */
  seed?: number;
}

/** What is known of an evaluated model. */
export type Evaluation = Pick<ModelOutcome, 'metrics' | 'classes' | 'undecided' | 'answers' | 'liraCurve'>;

/** What the stages of a study left behind, by key where nothing else is said. */
export interface Outcomes {
  models: Map<string, ModelNote>;
  evaluations: Map<string, Evaluation>;
  /** By `comparisonKey`. */
  comparisons: Map<string, ComparisonRecord>;
  /** Why runs have no numbers, or lack some, by their id. */
  failures: Map<string, string>;
  /** How settings were chosen, by the key of the selection. */
  selections: Map<string, Tuned>;
  maps: MapRecord[];
  losses: Float32Array;
  forget: ForgetSet;
  memorization?: MemorizationStudy;
}

/** Nothing is known yet but, perhaps, the forget set. */
export function noOutcomes(forget: ForgetSet): Outcomes {
  return {
    models: new Map(),
    evaluations: new Map(),
    comparisons: new Map(),
    failures: new Map(),
    selections: new Map(),
    maps: [],
    losses: new Float32Array(),
    forget,
  };
}
