import { useCallback, useMemo } from 'react';
import { forgetRules } from '../../../lab/forget';
import type { MemorizationStudy } from '../../../lab/forget/memorization';
import { planStudy } from '../../../lab/plan/plan-study';
import { groupRuns } from '../../../lab/results/run-groups';
import { randomStream } from '../../../lab/rng';
import { registries } from '../../../lab/session/all-registries';
import { parseSettings } from '../../../lab/settings';
import type { Study } from '../../../lab/study/study';
import { useApp } from '../../client/context';
import { useView } from '../../client/pane-view';
import { useSelection } from '../../client/use-selection';
import { type ImageSet, imagesAbsence, imagesOf } from '../../state/image-set';
import { isOfStudy } from '../../state/pane-views';
import { runName } from '../../state/run-estimates';
import { isAtWork, type View } from '../../state/view';
import { ForgetSet } from './ForgetSet';
import { fatesOf } from './fate';
import type { Outcome } from './PlantedNote';
import { plantedLabels } from './shown';

/** A forget set in plain lists, as views and edits hold it. */
interface Chosen {
  indices: number[];
  planted?: number[];
  /** Why there is none, in a sentence. */
  problem?: string;
}

const NONE: Chosen = { indices: [] };

/** What the shown study measured of every image, as long as the edited one is about the same images (and the same original). */
function measuredOf(
  study: Study,
  view: View | undefined,
): { memorization?: MemorizationStudy; losses?: Float32Array } {
  if (!view || JSON.stringify(view.study.data) !== JSON.stringify(study.data)) return {};
  const original = ({ model, weights, pretrain, microBatch }: Study) =>
    JSON.stringify([model, weights, pretrain, microBatch]);
  const { memorization, losses } = view;
  return { memorization, ...(original(view.study) === original(study) && { losses }) };
}

function memorizationKey(study: Study | undefined): string | undefined {
  return study && planStudy(study, registries).memorizationKey;
}

/**
 * The forget set that the edited study asks for: the shown study's own where both ask for the same, otherwise drawn here by
 * the same rule and stream as the lab draws it.
 */
function forgetSetOf(study: Study, view: View | undefined, images: ImageSet | undefined): Chosen {
  const same =
    view &&
    view.study.seed === study.seed &&
    JSON.stringify([view.study.forget, view.study.data]) === JSON.stringify([study.forget, study.data]);
  if (same && view.forget) return { indices: view.forget, planted: view.planted };
  const rule = forgetRules.find(study.forget.rule);
  if (!rule || !images) return NONE;
  try {
    const { settings } = parseSettings(rule.settings, study.forget.settings);
    const random = randomStream(study.seed, 'forget');
    // Scores that other subset models would measure choose nothing here: the lab has to measure them first.
    const measured = rule.subsets && memorizationKey(view?.study) === memorizationKey(study);
    const memorization = measured ? view?.memorization : undefined;
    const { indices, planted } = rule.choose({ ...images, random, memorization }, settings);
    return { indices: [...indices], planted: planted && [...planted] };
  } catch (error) {
    return { ...NONE, problem: (error as Error).message };
  }
}

/** The shown study's original, oracle, and the runs that the panes show. */
function outcomesOf(view: View | undefined, run: string | undefined): Outcome[] {
  if (!view) return [];
  const group = groupRuns(view.runs).find(({ runs }) => runs.some(({ id }) => id === run));
  return [
    { label: 'original', models: view.originals },
    { label: 'oracle', models: view.oracles },
    ...(group ? [{ label: group.label, models: group.runs }] : []),
  ];
}

/** What must be forgotten: choosing here edits the study. */
export function ForgetPane() {
  const study = useApp((state) => state.study);
  const view = useView();
  const images = useApp((state) => imagesOf(state.images, state.study.data));
  const missing = useApp((state) => state.imagesMissing);
  const editStudy = useApp((state) => state.editStudy);
  const chosen = useMemo(() => forgetSetOf(study, view, images), [study, view, images]);
  const { indices: forget, planted, problem } = chosen;
  const pending = forget.length === 0 && forgetRules.find(study.forget.rule)?.subsets !== undefined;
  const { run } = useSelection();
  const { memorization, losses } = useMemo(() => measuredOf(study, view), [study, view]);
  const openModels = useApp((state) => state.openModels);
  const running = useApp((state) => isAtWork(state.view));
  const own = view && isOfStudy(view.study, study) ? view : undefined;
  const outcomes = useMemo(() => outcomesOf(own, run?.id), [own, run?.id]);
  const fates = useMemo(() => {
    if (!own || !run || !images) return undefined;
    const wrong = plantedLabels(own.forget, own.planted);
    return fatesOf(own, run, (index) => wrong.get(index) ?? images.labels[index]!);
  }, [own, run, images]);
  const onOpen = useCallback(
    (index: number) =>
      openModels({
        set: forget.includes(index) ? 'forget' : 'retain',
        image: index,
        filter: undefined,
        label: undefined,
        cell: undefined,
      }),
    [openModels, forget],
  );
  return (
    <ForgetSet
      data={images}
      absence={missing ? imagesAbsence(study.data) : undefined}
      forget={forget}
      planted={planted}
      outcomes={outcomes}
      memorization={memorization}
      losses={losses}
      rules={forgetRules.entries}
      chosen={study.forget}
      onRule={useCallback(
        (rule: string) => {
          // Back to the rule of what is shown: with its settings, so that nothing is stale.
          const known = view?.study.forget.rule === rule ? view.study.forget : { rule, settings: {} };
          // A set picked by hand starts from what is chosen now.
          const byHand = forgetRules.find(rule)?.byHand;
          const next = byHand ? { rule, settings: { indices: forget } } : known;
          editStudy({ ...study, forget: next });
        },
        [editStudy, study, view, forget],
      )}
      onChoose={useCallback(
        (next: Study['forget']) => editStudy({ ...study, forget: next }),
        [editStudy, study],
      )}
      pending={pending}
      problem={pending ? undefined : problem}
      readOnly={running}
      fates={fates}
      runName={useMemo(() => run && own && runName(run, own.runs), [run, own])}
      onOpen={fates && onOpen}
    />
  );
}
