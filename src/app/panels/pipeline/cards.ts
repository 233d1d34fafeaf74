import { doneText } from '../../../lab/format';
import type { PipelineStep } from '../../../lab/plan/stage-planning';
import { groupRuns } from '../../../lab/results/run-groups';
import { stages } from '../../../lab/stages';
import type { Study } from '../../../lab/study/study';
import { type StageView, type View, viewOfStart } from '../../state/view';
import { count } from '../../ui/format';
import { cardHeadlines, cardResults, type Labels } from './card-text';

/** The six steps that a study reads as, with their titles. */
export const CARD_TITLES: Record<PipelineStep, string> = {
  data: 'Data',
  train: 'Train',
  forget: 'Forget',
  localize: 'Localize',
  unlearn: 'Unlearn',
  compare: 'Compare',
};

export const CARD_IDS = Object.keys(CARD_TITLES) as PipelineStep[];

const cardOfStage = (stage: string): PipelineStep | undefined => stages.find(stage)?.step;

export interface Card {
  id: PipelineStep;
  /** What the study asks for. */
  headline: string;
  /** What came out, or where the computation stands. */
  line: string;
  state: 'done' | 'running' | 'stale' | 'waiting';
  /** Finished part of a running step, 0 to 1. */
  share?: number;
  /** `✓`, `cached ✓`, `63 %`, `stale`, … */
  aside: string;
}

const hasEnded = ({ state }: StageView): boolean =>
  state === 'done' || state === 'failed' || state === 'spared';

/** How far a stage is, 0 to 1. */
function shareOf(stage: StageView): number {
  if (hasEnded(stage)) return 1;
  const { progress } = stage;
  return progress && progress.total > 0 ? progress.done / progress.total : 0;
}

function progressLine(own: StageView[], view: View): string {
  const running = own.find((stage) => stage.state === 'running');
  const progress = running?.progress;
  if (!progress) return view.state === 'paused' ? 'paused' : 'starting';
  if (progress.waiting)
    return progress.counted === 'bytes' ? 'another tab is loading this data' : 'another process is at it';
  const parts = [`${progress.checking ? 'checking ' : ''}${doneText(progress)}`];
  if (running.ref.about !== undefined) parts.unshift(running.ref.about);
  if (running.ref.model !== undefined) parts.unshift(`model ${running.ref.model + 1}`);
  if (progress.imagesPerSecond) parts.push(`${count(progress.imagesPerSecond)} img/s`);
  return parts.join(' · ');
}

type Standing = Pick<Card, 'state' | 'aside' | 'share'> & { line?: string };

/** Where a step stands in the shown study. */
function standing(id: PipelineStep, view: View): Standing {
  const own = view.stages.filter((stage) => cardOfStage(stage.ref.stage) === id);
  const active = view.state === 'running' || view.state === 'paused';
  if (active && own.some((stage) => stage.state === 'running')) {
    const share = own.reduce((sum, stage) => sum + shareOf(stage), 0) / own.length;
    return {
      state: 'running',
      share,
      aside: `${Math.floor(share * 100)} %`,
      line: progressLine(own, view),
    };
  }
  const done = own.length > 0 ? own.every(hasEnded) : view.state === 'done';
  if (!done) return { state: 'waiting', aside: 'not yet' };
  const failed = own.filter((stage) => stage.state === 'failed').length;
  if (failed > 0) return { state: 'done', aside: `${failed} of ${own.length} failed` };
  const spared = own.filter((stage) => stage.state === 'spared').length;
  if (spared > 0)
    return { state: 'done', aside: spared === own.length ? 'not needed' : `✓, ${spared} not needed` };
  const cached = own.length > 0 && own.every((stage) => stage.seconds === 0);
  return { state: 'done', aside: cached ? 'cached ✓' : '✓' };
}

/**
 * The pipeline strip: a card per step, headlines from the study that is being edited, results from the one that is shown.
 * @param stale stages whose inputs were edited since what is shown was computed
 * @param run id of the run that the panes show
 * @param canRun whether anything can be computed here
 */
export function cardsOf(
  study: Study,
  view: View | undefined,
  stale: ReadonlySet<string>,
  run: string | undefined,
  labels: Labels,
  canRun = true,
): Card[] {
  const group = groupRuns(view?.runs ?? []).find(({ runs }) => runs.some(({ id }) => id === run));
  const heads = cardHeadlines(study, view, group, labels);
  // Without any view: what stands there before anything is computed.
  const lines = cardResults(view ?? viewOfStart(study, []), group, labels);
  return CARD_IDS.map((id) => {
    const headline = heads[id];
    if (!view) return { id, headline, line: lines[id], state: 'waiting', aside: 'not yet' };
    if ([...stale].some((stage) => cardOfStage(stage) === id))
      return {
        id,
        headline,
        line: canRun ? 'edited: will run again' : 'edited: cannot be run here',
        state: 'stale',
        aside: 'stale',
      };
    return { id, headline, line: lines[id], ...standing(id, view) };
  });
}
