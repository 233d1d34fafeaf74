import type { MemorizationStudy } from '../../lab/forget/memorization';
import type { StageProgress } from '../../lab/lab-api';
import type { StageRef } from '../../lab/plan/plan';
import { expandRuns } from '../../lab/study/expand';
import { decodeFloats } from '../../lab/study/floats';
import { decodeMemorization } from '../../lab/study/memorization-record';
import { tellsOfMap } from '../../lab/study/parse-result';
import type {
  Answered,
  ComparisonRecord,
  DeviceDescription,
  MapRecord,
  Metrics,
  ModelOutcome,
  RunOutcome,
  StudyPart,
  StudyResult,
  Tuned,
} from '../../lab/study/result';
import type { Run, Study } from '../../lab/study/study';
import type { Lessened } from '../../lab/study/without-runs';

/** A `ModelOutcome` that may still be on its way: whatever is known so far. */
export type ModelView = Pick<ModelOutcome, 'seed'> & Partial<ModelOutcome>;

/** A `RunOutcome` that may still be on its way. */
export interface RunView extends ModelView, Pick<Run, 'id' | 'label' | 'strategy' | 'method' | 'alpha'> {
  /** Oracle minus unlearned, in points. */
  deltas?: Metrics;
  tuned?: RunOutcome['tuned'];
  /** Why it has no numbers, or lacks some: one sentence. */
  failure?: string;
}

export interface StageView {
  ref: StageRef;
  /** `spared`: nothing needs it any more. */
  state: 'waiting' | 'running' | 'done' | 'failed' | 'spared';
  progress?: StageProgress;
  /** Absent while it is not done; 0 when it came out of the cache. */
  seconds?: number;
}

/** What the page shows: a finished study, or one that is being computed. Plain data; changed only by `applyEvent`. */
export interface View {
  /** `kept`: computed in this browser before the page was loaded; `live`: since then. */
  origin: 'recorded' | 'opened' | 'kept' | 'live';
  study: Study;
  state: 'running' | 'paused' | 'cancelled' | 'failed' | 'done';
  /** The part of the page's address that opens it again, as long as its study is not edited. */
  address?: string;
  /** One sentence when `state` is `failed`. */
  message?: string;
  device?: DeviceDescription;
  /** ISO date of the end. */
  finished?: string;
  /** Of the Lethe that made it, where that is known. */
  version?: string;
  originals: ModelView[];
  oracles: ModelView[];
  runs: RunView[];
  /** Indices into the training images, ascending. */
  forget?: number[];
  /** The wrong labels that these were trained with, in their order, where the rule plants some. */
  planted?: number[];
  /** The images of which a result tells the models' answers; while a study runs they follow from its forget set. */
  answered?: Answered;
  /** What comparisons with the oracles found so far; absent where none was made. */
  comparisons?: ComparisonRecord[];
  /** How much every training example is memorized, where the rule asks for it. */
  memorization?: MemorizationStudy;
  /** The original's loss on every training example, first seed. */
  losses?: Float32Array;
  /** How the settings of tuned runs were chosen, as far as they are. */
  tuned?: readonly Tuned[];
  maps: MapRecord[];
  /** What is wrong with a map that the opened file holds and that is not shown: one sentence. */
  mapDamage?: string;
  stages: StageView[];
  progress?: { done: number; total: number; etaSeconds?: number };
  /** Of the stage that reported last. */
  imagesPerSecond?: number;
  /** The latest optimizer step. */
  step?: { ref: StageRef; step: number; loss: number };
}

/** A finished study as the page shows it. */
export function viewOfResult(
  result: StudyResult,
  origin: View['origin'],
  problems: readonly string[] = [],
): View {
  const { memorization } = result.detail;
  return {
    origin,
    study: result.study,
    state: 'done',
    device: result.device,
    finished: result.finished,
    version: result.version,
    originals: result.originals,
    oracles: result.oracles,
    runs: runsOf(result),
    forget: result.detail.forget,
    planted: result.detail.planted,
    answered: result.detail.answered,
    comparisons: result.detail.comparisons,
    memorization: memorization && decodeMemorization(memorization),
    losses: decodeFloats(result.detail.losses),
    tuned: result.tuned,
    maps: result.detail.maps,
    mapDamage: problems.find(tellsOfMap),
    stages: [],
  };
}

/** In the order of the study, with those that failed. */
function runsOf({ study, runs, failed }: StudyResult): RunView[] {
  if (!failed) return runs;
  const all = withOutcomes(expandRuns(study).map(identity), { runs, failed });
  // Ids of earlier versions may be others.
  const unnamed = runs.filter(({ id }) => all.every((run) => run.id !== id));
  return [...all.filter(({ metrics, failure }) => metrics || failure), ...unnamed];
}

/** Runs with what a result or a part of one says of them. */
export function withOutcomes(
  views: readonly RunView[],
  { runs, failed = [] }: Pick<StudyResult | StudyPart, 'runs' | 'failed'>,
): RunView[] {
  return views.map((view) => {
    const own = runs.find(({ id }) => id === view.id);
    const failure = failed.find(({ id }) => id === view.id)?.message;
    return { ...view, ...own, ...(failure && { failure }) };
  });
}

/**
 * The view without these runs, the others by the ids that they have now.
 * @param lessened its study without them
 */
export function viewOfFewer(view: View, { study, ids }: Lessened, gone: readonly string[]): View {
  const nameNow = (id: string) => (gone.includes(id) ? [] : [ids.get(id) ?? id]);
  const { comparisons, tuned } = view;
  return {
    ...view,
    study,
    runs: view.runs.flatMap((run) => nameNow(run.id).map((id) => ({ ...run, id }))),
    ...(comparisons && {
      comparisons: comparisons.flatMap((record) =>
        nameNow(record.model).map((model) => ({ ...record, model })),
      ),
    }),
    ...(tuned && {
      tuned: tuned.flatMap((each) => {
        const runs = each.runs.flatMap(nameNow);
        return runs.length > 0 ? [{ ...each, runs }] : [];
      }),
    }),
  };
}

/** With one more selection; that of runs whose settings were chosen before takes the earlier one's place. */
export function withTuned(known: readonly Tuned[] = [], tuned: Tuned): readonly Tuned[] {
  return [...known.filter(({ runs }) => runs[0] !== tuned.runs[0]), tuned];
}

/** What is known of a run before it begins. */
function identity({ id, label, strategy, method, alpha, seed }: Run): RunView {
  return { id, label, strategy, method, alpha, seed };
}

/** An empty view of a study that is about to start: every seed and run is named, nothing is known yet. */
export function viewOfStart(study: Study, runs: Run[], device?: DeviceDescription): View {
  const seeds = [...new Set(runs.map((run) => run.seed))];
  return {
    origin: 'live',
    study,
    state: 'running',
    device,
    originals: seeds.map((seed) => ({ seed })),
    oracles: seeds.map((seed) => ({ seed })),
    runs: runs.map(identity),
    maps: [],
    stages: [],
  };
}

/** Whether a model's numbers are all there. */
export function isFinished(model: ModelView): model is ModelOutcome {
  return model.metrics !== undefined && model.series !== undefined && model.cost !== undefined;
}

/** Whether a study is being computed on this page. */
export function isAtWork(view: View | undefined): boolean {
  return view?.origin === 'live' && (view.state === 'running' || view.state === 'paused');
}

export function isFinishedRun(run: RunView): run is RunOutcome {
  return isFinished(run) && run.deltas !== undefined;
}

/** Changes the models of one kind that `which` picks. */
export function updateModels<T extends ModelView>(
  models: T[],
  which: (model: T) => boolean,
  change: Partial<Omit<RunOutcome, 'seed' | keyof Run>>,
): T[] {
  return models.map((model) => (which(model) ? { ...model, ...change } : model));
}
