import type { FitsNetwork } from '../nn/fit';
import type { ModelSpec } from '../nn/spec';
import type { RandomStream } from '../rng';
import type { Entry, Settings } from '../settings';
import type { Checkpoint, Mask, ParameterTensors } from '../tensors';
import type { BitMask } from './cut/bit-mask';
import type { Ranking } from './cut/ranking';
import type { ScalarSteps, UnitCutter } from './cut/unit-shares';
import type { Scores } from './scores';

/** abs(G), abs(theta*G), abs(theta): METHOD section 1.1. */
export type Criterion = 'grad' | 'weighted-grad' | 'weight';

/**
 * What an accumulated eval-mode gradient is taken over: the forget set, the whole training set, or (`contrast`) a sample of the retain set
 * as large as the forget set, minus that over the forget set.
 */
export type GradientOver = 'forget' | 'train' | 'contrast';

/** What the session must provide before scores can be computed. */
export interface LocalizerNeeds {
  gradient?: GradientOver;
  /** The live network itself, to look at it with some of its weights changed. */
  model?: true;
}

/** The live network, and what a strategy needs to question it. The strategy may leave it with any weights. */
export interface Probe {
  forget: Int32Array;
  /** Training labels. */
  labels: Int32Array;
  load(weights: Checkpoint): Promise<void>;
  /** Sum over the batches of the gradient of the batch-mean cross-entropy, eval mode. */
  gradient(batches: Int32Array[]): Promise<ParameterTensors>;
  /** Eval-mode logits of training examples, `[n, classes]`. */
  outputs(indices: Int32Array): Promise<Float32Array>;
  random: (...path: (string | number)[]) => RandomStream;
  /** To be called after each finished example. */
  progress(done: number, total: number): Promise<void>;
}

export interface ScoreContext {
  spec: ModelSpec;
  weights: Checkpoint;
  /** G, when `needs.gradient` asked for it. */
  gradient?: ParameterTensors;
  /** When `needs.model` asked for it. */
  probe?: Probe;
}

export interface SelectContext {
  spec: ModelSpec;
  scores: Scores;
  /** Share of all scalars, 0 to 1. */
  alpha: number;
  /** Makes a stream for this seed and purpose (`random` draws with it). */
  random: (...path: (string | number)[]) => RandomStream;
}

/** What the page knows of scores while its handle moves alpha. */
export interface PreviewContext extends Pick<SelectContext, 'spec' | 'random'> {
  ranking: Ranking;
  /** Of a ranking of single weights. */
  steps?: ScalarSteps;
  /** What the best entries of the ranking would select of every unit. */
  cutHead: UnitCutter;
}

/**
 * A localization strategy. `select` is pure and synchronous, and so is `score` but for strategies that question the live model: tests and
 * the page call them without a device.
 * @example
 * // Fills the budget with the smallest weights: `src/lab/localize/smallest.ts`, and one line in `index.ts`.
 * export const smallest: Localizer = {
 *   id: 'smallest',
 *   label: 'Smallest weights',
 *   explanation: 'Selects the single weights nearest to zero, without looking at any data.',
 *   formula: 'sⱼ = −|θⱼ|',
 *   reference: 'ours',
 *   granularity: 'parameter',
 *   needs: {},
 *   usesAlpha: true,
 *   settings: [],
 *   score: ({ weights, spec }) => ({
 *     granularity: 'parameter',
 *     values: Object.fromEntries(
 *       spec.parameters.map(({ name }) => [name, weights[name]!.data.map((value) => -Math.abs(value))]),
 *     ),
 *   }),
 *   select: ({ spec, scores, alpha }) => cutRanking(rankScores(spec, scores), alpha, 'exact'),
 * };
 */
export interface Localizer extends Entry, FitsNetwork {
  /** What it selects by default. */
  granularity: 'channel' | 'parameter' | 'layer';
  needs: LocalizerNeeds;
  /** Images of the largest batch that it asks the live model's gradient over, where it asks for one. */
  probedBatch?(settings: Settings): number;
  /** False for strategies whose mask does not depend on alpha (`full`, `manual`, `critmem`). */
  usesAlpha: boolean;
  /** From scores of single weights it selects the floor(alpha*p) largest and nothing else, so the device may do it. */
  selectsLargest?: boolean;
  /** Its scores say an order only, so that neither their sum nor their curve means anything. */
  scoresAreRanks?: true;
  score(context: ScoreContext, settings: Settings): Scores | Promise<Scores>;
  select(context: SelectContext, settings: Settings): Mask;
  /** Every parameter is selected whatever the settings, so that a run has neither scores nor a mask. */
  selectsEverything?: true;
  /**
   * For strategies whose units the reader picks (in their setting `units`, as `conv1.weight:3`): the units that were picked, read off the
   * scores, so that a recorded map can be drawn without its study.
   */
  pickedUnits?(scores: Scores): string[];
  /**
   * For strategies that depend on alpha and select something else than the head of the ranking: the unit shares of `select`'s mask, quickly
   * enough for a handle that moves alpha.
   */
  previewCutter?(context: PreviewContext): UnitCutter;
  /** The same for single weights: `select`'s mask, which units do not tell. */
  previewBits?(context: PreviewContext): (alpha: number) => BitMask;
}
