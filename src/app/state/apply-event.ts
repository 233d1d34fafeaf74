import type { LabEvent } from '../../lab/lab-api';
import type { StageRef } from '../../lab/plan/plan';
import { stages } from '../../lab/stages';
import { type ComparisonRecord, comparisonKey, type Series, type SeriesPoint } from '../../lab/study/result';
import {
  type ModelView,
  type RunView,
  type StageView,
  updateModels,
  type View,
  viewOfResult,
  withTuned,
} from './view';

/** Appends a point; an epoch that is reported again (after a resume) replaces what came from there on. */
function addPoint(series: Series | undefined, sizes: Series['sizes'], point: SeriesPoint): Series {
  const before = series?.points.filter((known) => known.epoch < point.epoch) ?? [];
  return { sizes, points: [...before, point] };
}

function addSeries<T extends ModelView>(
  models: T[],
  which: (model: T) => boolean,
  sizes: Series['sizes'],
  point: SeriesPoint,
): T[] {
  return models.map((model) =>
    which(model) ? { ...model, series: addPoint(model.series, sizes, point) } : model,
  );
}

function withStage(view: View, ref: StageRef, change: Partial<StageView>): View {
  const known = view.stages.some((stage) => stage.ref.key === ref.key);
  const stages = known ? view.stages : [...view.stages, { ref, state: 'waiting' as const }];
  return {
    ...view,
    stages: stages.map((stage) => (stage.ref.key === ref.key ? { ...stage, ...change } : stage)),
  };
}

function withSeries(view: View, event: Extract<LabEvent, { type: 'series' }>): View {
  const { ref, sizes, point } = event;
  const sameSeed = (model: ModelView) => model.seed === ref.seed;
  switch (stages.find(ref.stage)?.trains) {
    case 'original':
      return { ...view, originals: addSeries(view.originals, sameSeed, sizes, point) };
    case 'oracle':
      return { ...view, oracles: addSeries(view.oracles, sameSeed, sizes, point) };
    case 'run':
      return { ...view, runs: addSeries(view.runs, (run) => ref.runs.includes(run.id), sizes, point) };
    default:
      return view;
  }
}

function withMetrics(view: View, event: Extract<LabEvent, { type: 'metrics' }>): View {
  const { ref, metrics, classes, undecided, answers, liraCurve, deltas, cost } = event;
  const known = { metrics, classes, undecided, answers, cost, ...(liraCurve && { liraCurve }) };
  const sameSeed = (model: ModelView) => model.seed === ref.seed;
  switch (event.of) {
    case 'original':
      return { ...view, originals: updateModels(view.originals, sameSeed, known) };
    case 'oracle':
      return { ...view, oracles: updateModels(view.oracles, sameSeed, known) };
    case 'run':
      return {
        ...view,
        runs: updateModels(view.runs, (run) => ref.runs.includes(run.id), { ...known, deltas }),
      };
  }
}

/** What is told again replaces what was known. */
function withComparisons(known: ComparisonRecord[] = [], told: ComparisonRecord[]): ComparisonRecord[] {
  const keys = new Set(told.map(comparisonKey));
  return [...known.filter((record) => !keys.has(comparisonKey(record))), ...told];
}

/** Whether a stage belongs to a seed that the study reports; settings are chosen on others. */
const isShown = ({ originals }: View, { seed }: StageRef): boolean =>
  originals.some((model) => model.seed === seed);

/** The view after an event. Pure; events of another study than the one that is shown must not be passed in. */
export function applyEvent(view: View, event: LabEvent): View {
  switch (event.type) {
    case 'study-started': {
      const cached = new Set(event.cached);
      return {
        ...view,
        state: 'running',
        stages: event.stages.map((ref) =>
          cached.has(ref.key) ? { ref, state: 'done', seconds: 0 } : { ref, state: 'waiting' },
        ),
      };
    }
    case 'stages-settled': {
      const known = new Map(view.stages.map((stage) => [stage.ref.key, stage]));
      const cached = new Set(event.cached);
      const added = (ref: StageRef): StageView =>
        cached.has(ref.key) ? { ref, state: 'done', seconds: 0 } : { ref, state: 'waiting' };
      return { ...view, stages: event.stages.map((ref) => known.get(ref.key) ?? added(ref)) };
    }
    case 'selected':
      return { ...view, tuned: withTuned(view.tuned, event.tuned) };
    case 'study-progress':
      return {
        ...view,
        progress: { done: event.done, total: event.total, etaSeconds: event.etaSeconds },
      };
    case 'study-state':
      return { ...view, state: event.state };
    case 'study-done':
      return {
        ...viewOfResult(event.result, 'live'),
        stages: view.stages.map((stage) =>
          stage.state === 'failed' || stage.state === 'spared'
            ? stage
            : { ...stage, state: 'done', progress: undefined },
        ),
      };
    case 'study-failed':
      return { ...view, state: 'failed', message: event.message };
    case 'device-lost':
      return { ...view, message: event.message };
    case 'stage-started':
      return withStage(view, event.ref, { state: 'running', progress: undefined });
    case 'stage-progress':
      return {
        ...withStage(view, event.ref, { state: 'running', progress: event.progress }),
        imagesPerSecond: event.progress.imagesPerSecond ?? view.imagesPerSecond,
      };
    case 'stage-done':
      return withStage(view, event.ref, {
        state: 'done',
        progress: undefined,
        seconds: event.cached ? 0 : event.seconds,
      });
    case 'stage-spared': {
      // What is there all the same stays done.
      const isDone = view.stages.some(({ ref, state }) => ref.key === event.ref.key && state === 'done');
      return isDone ? view : withStage(view, event.ref, { state: 'spared', progress: undefined });
    }
    case 'runs-failed': {
      const { ref, message } = event;
      const fails = (run: RunView) => (ref.runs.includes(run.id) ? { ...run, failure: message } : run);
      return {
        ...withStage(view, ref, { state: 'failed', progress: undefined }),
        runs: view.runs.map(fails),
      };
    }
    case 'series':
      return withSeries(view, event);
    case 'step':
      return { ...view, step: { ref: event.ref, step: event.step, loss: event.loss } };
    case 'forget-set':
      return { ...view, forget: event.indices, planted: event.planted };
    case 'memorization':
      return { ...view, memorization: event.memorization };
    case 'losses':
      return isShown(view, event.ref) ? { ...view, losses: event.losses } : view;
    case 'scores':
      if (!isShown(view, event.ref)) return view;
      return {
        ...view,
        maps: [
          ...view.maps.filter((map) => map.strategy !== event.map.strategy || map.seed !== event.map.seed),
          event.map,
        ],
      };
    case 'metrics':
      return withMetrics(view, event);
    case 'compared':
      return { ...view, comparisons: withComparisons(view.comparisons, event.records) };
  }
}
