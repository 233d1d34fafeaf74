import type { LabEvent } from '../lab-api';
import type { Plan, PlannedStage, StageRef } from '../plan/plan';
import type { Registries } from '../plan/registries';
import type { StagePlanning } from '../plan/stage-planning';
import type { Outcomes } from '../results/outcomes';
import type { Registry } from '../settings';
import type { Cost } from '../study/result';
import type { StageContext } from './context';

/** Artifacts without their run: what is known of a study from its folder alone. */
export interface ArtifactsContext {
  plan: Plan;
  ref: StageRef;
  /** The stage's artifact, or its note where that stands beside the weights. */
  bytes: Uint8Array;
  /** What the models cost whose stages were looked at before, by key. */
  costs: Map<string, Cost>;
}

/**
 * A kind of stage: everything that Lethe knows of it, in one file.
 * @example
 * // Counts the images that are forgotten. One file, and one line in `stages/index.ts`.
 * export const count: StageKind<{ of: string }> = {
 *   id: 'count',
 *   label: 'Count',
 *   explanation: 'Counts the images that are forgotten.',
 *   reference: 'ours',
 *   settings: [],
 *   step: 'compare',
 *   plan: {
 *     afterAll(planning, { run, unlearn }) {
 *       const content = { unlearn, forget: planning.forgetKey };
 *       planning.add(count, content, { of: unlearn, seed: run.seed, runs: [run.id], needs: [unlearn] });
 *       return {};
 *     },
 *   },
 *   work: () => 0,
 *   storedBytes: () => 0,
 *   isExpendable: () => true,
 *   async perform({ store, forget }, { key }) {
 *     await store.put(key, encodeArtifact({}, { images: forget.length }));
 *   },
 * };
 */
export interface StageKind<Inputs = unknown> extends StagePlanning<Inputs> {
  /**
   * Where its note stands, when that says which forget set the artifact belongs to: in the artifact, or, small, beside the weights
   * (`noteKey`). Absent: the key says everything.
   */
  note?: 'inside' | 'beside';
  /**
   * Raised when the same inputs give other numbers than before; the note says it as `version`. Artifacts of an earlier one, 1 where the
   * note says none, are made anew: their keys stay, since nothing else about the study changed.
   */
  version?: number;
  /** Its artifact is also good beside another forget set. */
  servesAnyForgetSet?: true;
  /** Nothing is left in the store: it is performed anew each time. */
  leavesNothing?: true;
  /** The forget set is chosen when it is done, which a study that is only asked something needs too. */
  settlesForgetSet?: true;
  /** Keys of what it leaves in the store beside its artifact and its note; performed again, it leaves them again. */
  alsoLeaves?(stage: PlannedStage<Inputs>): string[];
  /** Computes what the stage leaves behind, and puts it into the store. */
  perform(context: StageContext, stage: PlannedStage<Inputs>): Promise<void>;
  /**
   * Adds what a finished stage left in the store to the outcomes, and tells the page.
   * @param cached it was in the store already, so its curve has not been told step by step
   */
  collect?(
    outcomes: Outcomes,
    context: StageContext,
    stage: PlannedStage<Inputs>,
    cached: boolean,
  ): Promise<void>;
  /**
   * What its artifact says by itself, as the events that its run would have told before it was done; `undefined` where that cannot be
   * told without other artifacts. @throws where the bytes are not such an artifact
   */
  eventsFromArtifact?(
    context: ArtifactsContext,
    stage: PlannedStage<Inputs>,
  ): Promise<LabEvent[] | undefined>;
}

/** Everything that a study can name, and the kinds of stages that it is made of. */
export interface LabRegistries extends Registries {
  stages: Registry<StageKind>;
}
