import { deltas } from '../../../lab/evaluate/deltas';
import type { LabEvent } from '../../../lab/lab-api';
import { partsOf } from '../../../lab/plan/parts';
import { stageRef } from '../../../lab/plan/plan';
import { winnersIn } from '../../../lab/plan/tuning';
import { registries } from '../../../lab/session/all-registries';
import { expandRuns } from '../../../lab/study/expand';
import { decodeFloats } from '../../../lab/study/floats';
import { decodeMemorization } from '../../../lab/study/memorization-record';
import type { StudyPart } from '../../../lab/study/result';
import type { Study } from '../../../lab/study/study';
import { applyEvent } from '../../state/apply-event';
import type { FollowState } from '../../state/follow-slice';
import { knownPlan } from '../../state/known-plan';
import {
  type StageView,
  type View,
  viewOfResult,
  viewOfStart,
  withOutcomes,
  withTuned,
} from '../../state/view';
import type { Findings, Reading } from './read-folder';

/** Everything that a folder holds, finished or not, as the page shows it. */
export function viewOfFindings({ study, result, parts, logs, artifactEvents, problems }: Findings): View {
  if (result)
    return viewOfResult(
      result,
      'opened',
      problems.map((problem) => problem.replace(/^result\.json: /, '')),
    );
  const start: View = {
    ...viewOfStart(study, expandRuns(study)),
    origin: 'opened',
    state: 'cancelled',
    stages: plannedStages(study, parts, [...artifactEvents, ...logs.flatMap(({ events }) => events)]),
  };
  const joined = parts.reduce(
    (view, { part }) => withPart(view, part),
    artifactEvents.reduce(withEvent, start),
  );
  const logged = logs.flatMap(({ events }) => events).reduce(withEvent, joined);
  return withDeltas(logged);
}

/** The same with what its heartbeats and the state of the run say. */
export function withProgress(view: View, beats: Reading['beats'], state: FollowState): View {
  if (view.state === 'done') return view;
  const moved = beats.reduce((before, { beat }) => {
    const stage = before.stages.find(({ ref }) => ref.key === beat?.stage?.key);
    // A log may already say more than the last heartbeat.
    if (!beat?.stage || stage?.state !== 'running') return before;
    return applyEvent(before, { type: 'stage-progress', ref: stage.ref, progress: beat.stage.progress });
  }, view);
  const ended = moved.stages.filter(({ state }) => state === 'done' || state === 'spared').length;
  const alone = beats.length === 1 ? beats[0]!.beat?.study : undefined;
  const device = beats.find(({ beat }) => beat?.device)?.beat?.device;
  return {
    ...moved,
    device: view.device ?? device,
    progress: alone ?? { done: ended, total: moved.stages.length },
    state: state.kind === 'running' ? 'running' : state.kind === 'failed' ? 'failed' : 'cancelled',
    message: state.kind === 'failed' ? state.message : undefined,
  };
}

/** The stages of the study, those of finished parts done; none where this page plans the study otherwise than who ran it. */
function plannedStages(study: Study, parts: Findings['parts'], events: readonly LabEvent[]): StageView[] {
  const first = knownPlan(study);
  // The results are shown without a plan, the stages are not.
  if (!first) return [];
  const chosen = [
    ...parts.flatMap(({ part }) => part.tuned ?? []),
    ...events.flatMap((event) => (event.type === 'selected' ? [event.tuned] : [])),
  ];
  const plan = knownPlan(study, winnersIn(first, chosen))!;
  const keys = new Set([...first.stages, ...plan.stages].map(({ key }) => key));
  if (events.some((event) => event.type === 'stage-started' && !keys.has(event.ref.key))) return [];
  const done = partsOf(plan, registries).filter(({ id }) => parts.some(({ name }) => name === id));
  return plan.stages.map((stage) => ({
    ref: stageRef(plan, stage),
    state: done.some(({ stages }) => stages.has(stage.key)) ? 'done' : 'waiting',
  }));
}

function withPart(view: View, part: StudyPart): View {
  return {
    ...view,
    device: view.device ?? part.device,
    version: view.version ?? part.version,
    originals: view.originals.map((model) => part.originals.find(({ seed }) => seed === model.seed) ?? model),
    oracles: view.oracles.map((model) => part.oracles.find(({ seed }) => seed === model.seed) ?? model),
    runs: withOutcomes(view.runs, part),
    forget: part.forget ?? view.forget,
    planted: part.planted ?? view.planted,
    memorization: part.memorization ? decodeMemorization(part.memorization) : view.memorization,
    losses: part.losses === undefined ? view.losses : decodeFloats(part.losses),
    maps: [...view.maps, ...part.maps],
    tuned: (part.tuned ?? []).reduce(withTuned, view.tuned),
  };
}

/** Keeps the stages of other processes: each names only its own when it starts. */
function withEvent(view: View, event: LabEvent): View {
  if (event.type !== 'study-started' && event.type !== 'stages-settled') return applyEvent(view, event);
  const known = new Set(view.stages.map(({ ref }) => ref.key));
  const cached = new Set(event.cached);
  const added = event.stages.filter(({ key }) => !known.has(key));
  return {
    ...view,
    stages: [
      ...view.stages.map((stage) =>
        cached.has(stage.ref.key) ? { ...stage, state: 'done' as const } : stage,
      ),
      ...added.map((ref): StageView => ({ ref, state: cached.has(ref.key) ? 'done' : 'waiting' })),
    ],
  };
}

/** Adds the deltas that are missing where one process trained the oracle and another the run. */
function withDeltas(view: View): View {
  return {
    ...view,
    runs: view.runs.map((run) => {
      const oracle = view.oracles.find(({ seed }) => seed === run.seed);
      if (run.deltas || !run.metrics || !oracle?.metrics) return run;
      return { ...run, deltas: deltas(oracle.metrics, run.metrics) };
    }),
  };
}
