import { useCallback, useMemo } from 'react';
import { forgetRules } from '../../lab/forget';
import { randomStream } from '../../lab/rng';
import type { DataView as ImageSet } from '../../lab/session/events';
import { parseSettings } from '../../lab/settings';
import type { Study } from '../../lab/study/study';
import { ForgetSet } from '../panels/forget-set/ForgetSet';
import { useApp } from '../state/context';
import type { View } from '../state/view';

const NONE: number[] = [];

/**
 * The forget set that the edited study asks for: the shown study's own where both ask for the same, otherwise drawn here by
 * the same rule and stream as the lab draws it.
 */
function forgetSetOf(study: Study, view: View | undefined, images: ImageSet | undefined): number[] {
  const same =
    view &&
    view.study.seed === study.seed &&
    JSON.stringify([view.study.forget, view.study.data]) === JSON.stringify([study.forget, study.data]);
  if (same && view.forget) return view.forget;
  const rule = forgetRules.find(study.forget.rule);
  if (!rule || !images || images.labels.length !== study.data.train) return NONE;
  try {
    const { settings } = parseSettings(rule.settings, study.forget.settings);
    const random = randomStream(study.seed, 'forget');
    return [...rule.choose({ labels: images.labels, classes: images.classes, random }, settings)];
  } catch {
    // Settings that cannot be met are reported where the study is planned and run.
    return NONE;
  }
}

/** What must be forgotten: choosing here edits the study. */
export function ForgetPane() {
  const study = useApp((state) => state.study);
  const view = useApp((state) => state.view);
  const images = useApp((state) => state.images);
  const editStudy = useApp((state) => state.editStudy);
  const forget = useMemo(() => forgetSetOf(study, view, images), [study, view, images]);
  const running = view?.origin === 'live' && (view.state === 'running' || view.state === 'paused');
  return (
    <ForgetSet
      data={images}
      forget={forget}
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
      readOnly={running}
    />
  );
}
