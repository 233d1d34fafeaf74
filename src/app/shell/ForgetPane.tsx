import { useCallback, useMemo } from 'react';
import { datasetSources } from '../../lab/data';
import { forgetRules } from '../../lab/forget';
import type { MemorizationStudy } from '../../lab/forget/memorization';
import { randomStream } from '../../lab/rng';
import { registries } from '../../lab/session/all-registries';
import { planStudy } from '../../lab/session/plan';
import { groupRuns } from '../../lab/session/run-groups';
import { parseSettings } from '../../lab/settings';
import type { Study } from '../../lab/study/study';
import type { ImageSet } from '../lab/images';
import { ForgetSet } from '../panels/forget-set/ForgetSet';
import type { Outcome } from '../panels/forget-set/PlantedNote';
import { useApp } from '../state/context';
import type { View } from '../state/view';
import { useSelection } from './use-selection';

/** A forget set in plain lists, as views and edits hold it. */
interface Chosen {
  indices: number[];
  planted?: number[];
}

const NONE: Chosen = { indices: [] };

/** The shown study's memorization scores, as long as the edited one is about the same images. */
function memorizationOf(study: Study, view: View | undefined): MemorizationStudy | undefined {
  return JSON.stringify(view?.study.data) === JSON.stringify(study.data) ? view?.memorization : undefined;
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
  if (!rule || !images || images.labels.length !== study.data.train) return NONE;
  try {
    const { settings } = parseSettings(rule.settings, study.forget.settings);
    const random = randomStream(study.seed, 'forget');
    // Scores that other subset models would measure choose nothing here: the lab has to measure them first.
    const measured = rule.subsets && memorizationKey(view?.study) === memorizationKey(study);
    const memorization = measured ? view?.memorization : undefined;
    const { indices, planted } = rule.choose({ ...images, random, memorization }, settings);
    return { indices: [...indices], planted: planted && [...planted] };
  } catch {
    // Settings that cannot be met are reported where the study is planned and run.
    return NONE;
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

/** What to do about images that are not on this machine. */
function whereImagesAre({ source }: Study['data']): string {
  const known = datasetSources.find(source);
  if (!known) return 'The images are not on this machine: drop their file or folder on the page.';
  return known.toLoad
    ? `The images of ${known.label} are not on this machine: running the study downloads them.`
    : `The images of ${known.label} cannot be shown.`;
}

/** What must be forgotten: choosing here edits the study. */
export function ForgetPane() {
  const study = useApp((state) => state.study);
  const view = useApp((state) => state.view);
  const images = useApp((state) => state.images);
  const imagesAway = useApp((state) => state.imagesAway);
  const editStudy = useApp((state) => state.editStudy);
  const { indices: forget, planted } = useMemo(() => forgetSetOf(study, view, images), [study, view, images]);
  const { run } = useSelection();
  const outcomes = useMemo(() => outcomesOf(view, run?.id), [view, run?.id]);
  const memorization = useMemo(() => memorizationOf(study, view), [study, view]);
  const running = view?.origin === 'live' && (view.state === 'running' || view.state === 'paused');
  return (
    <ForgetSet
      data={images}
      away={imagesAway ? whereImagesAre((view?.study ?? study).data) : undefined}
      forget={forget}
      planted={planted}
      outcomes={outcomes}
      memorization={memorization}
      losses={view?.losses}
      rules={forgetRules.entries}
      rule={study.forget.rule}
      onRule={useCallback(
        // A set picked by hand starts from what is chosen now.
        (rule: string) =>
          editStudy({ ...study, forget: { rule, settings: rule === 'manual' ? { indices: forget } : {} } }),
        [editStudy, study, forget],
      )}
      onManual={useCallback(
        (indices: number[]) => editStudy({ ...study, forget: { rule: 'manual', settings: { indices } } }),
        [editStudy, study],
      )}
      pending={forget.length === 0 && forgetRules.find(study.forget.rule)?.subsets !== undefined}
      readOnly={running}
    />
  );
}
