import type { Study } from '../../lab/study/study';
import { tellsAnswers } from './compared-models';
import { knownPlan } from './known-plan';
import { sameContent } from './study-names';
import { isAtWork, type ModelView, type View } from './view';
import type { ViewSlice } from './view-slice';

export type PaneId = 'forget' | 'map' | 'plane' | 'curves' | 'low' | 'runs' | 'models';

const isMeasured = ({ metrics }: ModelView) => metrics !== undefined;
const isTrained = ({ series }: ModelView) => series !== undefined;
const anyModel = ({ originals, oracles, runs }: View, is: (model: ModelView) => boolean) =>
  [originals, oracles, runs].some((models) => models.some(is));

const hasMap = ({ maps }: View) => maps.length > 0;

/** Each pane: what it needs to show a study, and the kinds of stages that its content comes from. */
const PANES: Record<PaneId, { isFilled(view: View): boolean; from: string[] }> = {
  // Shows the edited study's own forget set; what others measured helps to choose.
  forget: { isFilled: ({ losses }) => losses !== undefined, from: [] },
  map: { isFilled: hasMap, from: ['score'] },
  low: { isFilled: hasMap, from: ['score'] },
  plane: {
    // Its points are told by their distance to the oracle.
    isFilled: ({ oracles }) => oracles.some(isMeasured),
    from: ['evaluate'],
  },
  curves: { isFilled: (view) => anyModel(view, isTrained), from: ['pretrain', 'oracle', 'unlearn'] },
  runs: { isFilled: (view) => anyModel(view, isMeasured), from: ['evaluate', 'lira'] },
  models: {
    // Two of them, of which the oracle is one.
    isFilled: ({ oracles, originals }) => oracles.some(tellsAnswers) && originals.some(tellsAnswers),
    from: ['evaluate'],
  },
};

type Shown = Pick<ViewSlice, 'view' | 'under' | 'lookBack'>;

/** What was shown before anything was computed here: recorded, opened, or kept. */
export function viewBefore({ under }: Pick<Shown, 'under'>): View | undefined {
  return under.find(({ origin }) => origin !== 'live');
}

/** What a pane shows: the study that is computed, as soon as there is anything of it for this pane; until then what stood there before. */
export function viewOfPane(pane: PaneId, { view, under, lookBack }: Shown): View | undefined {
  const before = lookBack ? viewBefore({ under }) : undefined;
  if (before) return before;
  return [view, ...under].find((each) => each && PANES[pane].isFilled(each)) ?? view;
}

const ORIGINS: Record<View['origin'], string> = {
  recorded: 'recorded',
  opened: 'opened',
  kept: 'computed here before',
  live: 'of the run before',
};

/**
 * What to write on a pane whose content is not (yet) what the study in the top bar gives; undefined where it is.
 * @param shown what the pane shows
 */
export function paneMark(
  pane: PaneId,
  shown: View | undefined,
  { view, lookBack, study }: Pick<Shown, 'view' | 'lookBack'> & { study: Study },
): string | undefined {
  if (!shown || PANES[pane].from.length === 0) return undefined;
  const isOwn = sameStages(shown.study, study, PANES[pane].from);
  const { name } = shown.study;
  const whose = isOwn ? '' : name === study.name ? 'stale: of this study before an edit' : `of “${name}”`;
  if (shown === view) return whose || undefined;
  const awaits = view && isAtWork(view) && !lookBack && isOfStudy(view.study, study);
  const until = awaits ? ', until its own results come' : '';
  return `${[ORIGINS[shown.origin], whose].filter(Boolean).join(' ')}${until}`;
}

/** Whether all that is shown is what the edited study gives. */
export function isOfStudy(shown: Study, study: Study): boolean {
  return sameStages(shown, study, undefined);
}

/** Whether two studies have the same stages of these kinds; of all kinds when absent. */
function sameStages(a: Study, b: Study, kinds: readonly string[] | undefined): boolean {
  if (sameContent(a, b)) return true;
  const [left, right] = [stageKeys(a), stageKeys(b)];
  // What cannot be planned here can only be compared as it is written.
  if (!left || !right) return false;
  const keys = (all: ReadonlyMap<string, string>) =>
    [...all]
      .filter(([, kind]) => !kinds || kinds.includes(kind))
      .map(([key]) => key)
      .sort()
      .join();
  return keys(left) === keys(right);
}

const planned = new WeakMap<Study, ReadonlyMap<string, string>>();

/** The kind of every stage by its key. */
function stageKeys(study: Study): ReadonlyMap<string, string> | undefined {
  const known = planned.get(study);
  if (known) return known;
  const plan = knownPlan(study);
  const keys = plan && new Map(plan.stages.map(({ key, stage }) => [key, stage]));
  if (keys) planned.set(study, keys);
  return keys;
}
