import type { StageName } from '../../lab/session/events';
import type { RunSpec, Study } from '../../lab/study/study';
import { count, duration, fixed, signed } from '../charts/format';
import { estimate } from '../panels/estimate';
import { groupRuns } from '../panels/run-groups';
import type { ModelView, RunView, StageView, View } from '../state/view';

/** The six steps that a study reads as. */
export const CARD_IDS = ['data', 'train', 'forget', 'localize', 'unlearn', 'compare'] as const;
export type CardId = (typeof CARD_IDS)[number];

export const CARD_TITLES: Record<CardId, string> = {
  data: 'Data',
  train: 'Train',
  forget: 'Forget',
  localize: 'Localize',
  unlearn: 'Unlearn',
  compare: 'Compare',
};

/** The oracle stands with the forget set: it is what a network without that set would be. */
export const CARD_STAGES: Record<CardId, readonly StageName[]> = {
  data: ['data'],
  train: ['pretrain'],
  forget: ['oracle'],
  localize: ['score', 'mask'],
  unlearn: ['unlearn'],
  compare: ['evaluate'],
};

export interface Card {
  id: CardId;
  /** What the study asks for. */
  headline: string;
  /** What came out, or where the computation stands. */
  line: string;
  state: 'done' | 'running' | 'stale' | 'waiting';
  /** Finished part of a running step, 0 to 1. */
  share?: number;
  /** `✓`, `63 %`, `stale`, … */
  aside: string;
}

/** Names of registry entries by id. */
export interface Labels {
  source(id: string): string;
  model(study: Study): string;
  rule(id: string): string;
  strategy(id: string): string;
  method(id: string): string;
}

const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
const distinct = <T>(values: T[]): T[] => [...new Set(values)];
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function several(names: string[], what: string): string {
  return names.length <= 2 ? names.join(', ') : `${names.length} ${what}`;
}

function meanMetric(models: ModelView[], id: string): number | undefined {
  const values = models.flatMap((model) => model.metrics?.[id] ?? []);
  return values.length > 0 ? mean(values) : undefined;
}

/** Distinct values of one field over all run specs. */
function values<K extends 'strategy' | 'method' | 'alpha' | 'seed'>(runs: RunSpec[], field: K) {
  return distinct(runs.flatMap((run) => listOf<string | number>(run[field])));
}

function headlines(study: Study, view: View | undefined, labels: Labels): Record<CardId, string> {
  const strategies = values(study.runs, 'strategy').map((id) => labels.strategy(String(id)));
  const methods = values(study.runs, 'method').map((id) => labels.method(String(id)));
  const alphas = values(study.runs, 'alpha').map((alpha) => fixed(Number(alpha), 2));
  const same = view && JSON.stringify(view.study.forget) === JSON.stringify(study.forget);
  const picked = study.forget.rule === 'manual' && study.forget.settings.indices;
  const size = Array.isArray(picked) ? picked.length : same ? view.forget?.length : undefined;
  const rule = labels.rule(study.forget.rule);
  return {
    data: labels.source(study.data.source),
    train: `${labels.model(study)} · ${study.pretrain.epochs} epochs`,
    forget: size === undefined ? rule : `${count(size)} images · ${rule}`,
    localize:
      alphas.length === 1
        ? `${several(strategies, 'strategies')} · α ${alphas[0]}`
        : `${several(strategies, 'strategies')} · ${alphas.length} budgets`,
    unlearn: several(methods, 'methods') || 'nothing yet',
    compare: compareHeadline(view, labels),
  };
}

/** The runs whose forget accuracy comes closest to the oracle's, by the mean over their seeds. */
function compareHeadline(view: View | undefined, labels: Labels): string {
  const best = groupRuns(view?.runs ?? [])
    .flatMap(({ strategy, runs }) => {
      const delta = estimate(runs.map((run) => run.deltas?.forgetAccuracy));
      return delta ? { strategy, delta } : [];
    })
    .sort((a, b) => Math.abs(a.delta.mean) - Math.abs(b.delta.mean))[0];
  if (!best) return 'nothing yet';
  const { mean, half } = best.delta;
  const interval = half === undefined ? '' : ` ± ${fixed(half)}`;
  return `Δ forget ${signed(mean)}${interval} · ${labels.strategy(best.strategy)}`;
}

function results(view: View, labels: Labels): Record<CardId, string> {
  const { study } = view;
  const test = meanMetric(view.originals, 'testAccuracy');
  const forget = meanMetric(view.oracles, 'forgetAccuracy');
  const seconds = view.originals[0]?.cost?.seconds;
  const runs = view.runs.filter((run) => run.metrics);
  const seeds = distinct(view.runs.map((run) => run.seed)).length;
  return {
    data: `${count(study.data.train)} train · ${count(study.data.test)} test`,
    train:
      test === undefined
        ? 'not trained yet'
        : [`test ${fixed(test)} %`, seconds && duration(seconds)].filter(Boolean).join(' · '),
    forget: forget === undefined ? 'oracle not trained yet' : `oracle gets ${fixed(forget)} % of it`,
    localize:
      view.maps.length === 0
        ? 'no scores yet'
        : several(distinct(view.maps.map((map) => labels.strategy(map.strategy))), 'maps'),
    unlearn: unlearnLine(view.runs),
    compare:
      runs.length === 0
        ? 'no runs yet'
        : `${seeds} ${seeds === 1 ? 'seed' : 'seeds'} · ${runs.length} of ${view.runs.length} runs`,
  };
}

function unlearnLine(runs: RunView[]): string {
  const times = runs.flatMap((run) => run.cost?.seconds ?? []);
  if (times.length === 0) return 'not started';
  return `${times.length} ${times.length === 1 ? 'run' : 'runs'} · ${duration(mean(times))} each`;
}

/** How far a stage is, 0 to 1. */
function shareOf({ state, progress }: StageView): number {
  if (state === 'done') return 1;
  return progress && progress.total > 0 ? progress.done / progress.total : 0;
}

function progressLine(stages: StageView[], view: View): string {
  const running = stages.find((stage) => stage.state === 'running');
  const parts = [];
  if (running?.progress) {
    const { done, total, unit, imagesPerSecond } = running.progress;
    parts.push(`${count(done)} of ${count(total)} ${unit}`);
    if (imagesPerSecond) parts.push(`${count(imagesPerSecond)} img/s`);
  } else if (view.state === 'paused') parts.push('paused');
  else parts.push('starting');
  return parts.join(' · ');
}

/**
 * The pipeline strip: a card per step, headlines from the study that is being edited, results from the one that is shown.
 * @param stale stages whose inputs were edited since what is shown was computed
 */
export function cardsOf(
  study: Study,
  view: View | undefined,
  stale: ReadonlySet<StageName>,
  labels: Labels,
): Card[] {
  const heads = headlines(study, view, labels);
  const lines = view && results(view, labels);
  return CARD_IDS.map((id) => {
    const headline = heads[id];
    const isStale = CARD_STAGES[id].some((stage) => stale.has(stage));
    if (isStale) return { id, headline, line: 'edited; runs again', state: 'stale', aside: 'stale' };
    if (!view || !lines) return { id, headline, line: ' ', state: 'waiting', aside: '' };
    const stages = view.stages.filter((stage) => CARD_STAGES[id].includes(stage.ref.stage));
    const active = view.state === 'running' || view.state === 'paused';
    if (active && stages.some((stage) => stage.state === 'running')) {
      const share = stages.reduce((sum, stage) => sum + shareOf(stage), 0) / stages.length;
      const aside = `${Math.floor(share * 100)} %`;
      return { id, headline, line: progressLine(stages, view), state: 'running', share, aside };
    }
    const done = stages.length > 0 ? stages.every((stage) => stage.state === 'done') : view.state === 'done';
    return { id, headline, line: lines[id], state: done ? 'done' : 'waiting', aside: done ? '✓' : 'not yet' };
  });
}
