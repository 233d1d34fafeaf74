import { knownInterval } from '../../../lab/evaluate/student';
import { forgetRules } from '../../../lab/forget';
import { alphaText, fixed, signed } from '../../../lab/format';
import { selectsEverything } from '../../../lab/localize';
import type { PipelineStep } from '../../../lab/plan/stage-planning';
import { chanceOf } from '../../../lab/results/chance';
import { listOf } from '../../../lab/study/expand';
import type { RunSpec, Study } from '../../../lab/study/study';
import { estimateOf, type RunGroup } from '../../state/run-estimates';
import type { ModelView, View } from '../../state/view';
import { count, duration, plural } from '../../ui/format';

/** Names of registry entries by id. */
export interface Labels {
  source(id: string): string;
  model(study: Study): string;
  rule(id: string): string;
  strategy(id: string): string;
  method(id: string): string;
}

export type CardTexts = Record<PipelineStep, string>;

const distinct = <T>(values: T[]): T[] => [...new Set(values)];

/** `DEL`, `DEL, 3 more`. */
function several(names: string[]): string {
  const [first, ...more] = names;
  if (first === undefined) return 'nothing yet';
  return more.length > 0 ? `${first}, ${more.length} more` : first;
}

/** Whole-network runs have no mask, so they say nothing about where and how much. */
function masked(runs: RunSpec[]): RunSpec[] {
  const some = runs.filter((run) => listOf(run.strategy).some((id) => !selectsEverything(id)));
  return some.length > 0 ? some : runs;
}

function localizeHeadline(study: Study, labels: Labels): string {
  const runs = masked(study.runs);
  const strategies = distinct(runs.flatMap((run) => listOf(run.strategy))).map(labels.strategy);
  const alphas = distinct(runs.flatMap((run) => listOf(run.alpha)));
  const budget = alphas.length === 1 ? `α ${alphaText(alphas[0]!)}` : `${alphas.length} budgets`;
  return `${several(strategies)} · ${budget}`;
}

/** How many images are to be forgotten: known for a picked set, and for any other once it was drawn. */
function forgetSize(study: Study, view: View | undefined): number | undefined {
  const { indices } = study.forget.settings;
  if (forgetRules.find(study.forget.rule)?.byHand && Array.isArray(indices)) return indices.length;
  const same = view && JSON.stringify(view.study.forget) === JSON.stringify(study.forget);
  return same ? view.forget?.length : undefined;
}

function compareHeadline(group: RunGroup | undefined): string {
  const delta = group && estimateOf(group.runs, 'deltaForget');
  if (!delta) return 'nothing yet';
  const interval = delta.half === undefined ? '' : ` ± ${fixed(delta.half)}`;
  return `Δ forget ${signed(delta.mean)}${interval}`;
}

/**
 * What the study asks for, a line per step.
 * @param group the runs that the panes show, for the last step
 */
export function cardHeadlines(
  study: Study,
  view: View | undefined,
  group: RunGroup | undefined,
  labels: Labels,
): CardTexts {
  const size = forgetSize(study, view);
  return {
    data: labels.source(study.data.source),
    train: `${labels.model(study)} · ${study.weights ? 'given' : plural(study.pretrain.epochs, 'epoch')}`,
    forget: size === undefined ? labels.rule(study.forget.rule) : plural(size, 'image'),
    localize: localizeHeadline(study, labels),
    unlearn: several(distinct(study.runs.flatMap((run) => listOf(run.method))).map(labels.method)),
    compare: compareHeadline(group),
  };
}

/** A model is measured in a stage of its own, some time after it is trained. */
function missing(view: View, models: readonly ModelView[], stage: string): string {
  const trained =
    models.some(({ series }) => series) ||
    view.stages.some(({ ref, state }) => ref.stage === stage && state === 'done');
  return trained ? 'not measured yet' : 'not trained yet';
}

function trainLine(view: View): string {
  const test = estimateOf(view.originals, 'testAccuracy');
  if (!test) return view.study.weights ? 'not measured yet' : missing(view, view.originals, 'pretrain');
  const chance = chanceOf(view);
  const seconds = view.originals[0]?.cost?.seconds;
  const more = chance ? 'at chance' : seconds && duration(seconds);
  return [`test ${fixed(test.mean)} %`, more].filter(Boolean).join(' · ');
}

function forgetLine(view: View): string {
  const oracle = estimateOf(view.oracles, 'forgetAccuracy');
  return oracle
    ? `oracle gets ${fixed(oracle.mean)} % of it`
    : `oracle ${missing(view, view.oracles, 'oracle')}`;
}

function unlearnLine(view: View): string {
  const time = knownInterval(view.runs.map((run) => run.cost?.seconds));
  return time ? `${plural(time.n, 'run')} · ${duration(time.mean)} each` : 'not started';
}

function compareLine(view: View, group: RunGroup | undefined, labels: Labels): string {
  if (chanceOf(view)) return 'void: original at chance';
  const gap = group && estimateOf(group.runs, 'gap');
  if (!group || !gap) return 'no runs yet';
  return `${labels.strategy(group.strategy)} · gap ${fixed(gap.mean)} · ${plural(gap.n, 'seed')}`;
}

/** What came out, a line per step. */
export function cardResults(view: View, group: RunGroup | undefined, labels: Labels): CardTexts {
  const maps = distinct(view.maps.map((map) => labels.strategy(map.strategy)));
  return {
    data: `${count(view.study.data.train)} train · ${count(view.study.data.test)} test`,
    train: trainLine(view),
    forget: forgetLine(view),
    localize:
      maps.length === 0
        ? view.mapDamage
          ? 'damaged map'
          : 'no scores yet'
        : `${plural(maps.length, 'map')} of scores`,
    unlearn: unlearnLine(view),
    compare: compareLine(view, group, labels),
  };
}
