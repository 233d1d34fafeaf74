import { forgetRules } from '../../../lab/forget';
import { useActions, useApp } from '../../client/context';
import { useStaleness } from '../../client/use-staleness';
import { aboutStudy } from '../../state/about-study';
import { imagesOf } from '../../state/image-set';
import { runControls } from '../../state/run-state';
import { Pane } from '../../ui/Pane';
import { CostNote } from '../cost/CostNote';

/** Stands in the map's place for a study of which nothing is recorded: what it is about, and the way to start it. */
export function FirstRun() {
  const study = useApp((state) => state.study);
  const gpu = useApp((state) => state.gpu);
  const seen = useApp(({ images }) => imagesOf(images, study.data) !== undefined);
  const actions = useActions();
  const { blocked } = runControls(undefined, useStaleness(), gpu);
  const about = aboutStudy(study);
  const rule = forgetRules.find(study.forget.rule);
  return (
    <Pane title="Memorization map" fileName="memorization-map">
      <div className="first-run">
        <strong>{study.name}</strong>
        {about && <p>{about}</p>}
        {rule && (
          <p className="muted">
            {seen && 'What must be forgotten is outlined among the images. '}
            {rule.label}: {rule.explanation}
          </p>
        )}
        {blocked ? (
          <p className="muted">Nothing is recorded for this study, and it cannot be run here: {blocked}</p>
        ) : (
          <>
            <button
              type="button"
              className="button button-primary"
              onClick={actions.run}
              onPointerEnter={actions.estimator.estimateSoon}
              onFocus={actions.estimator.estimateSoon}
            >
              Run this study
            </button>
            <p>
              <CostNote />
            </p>
            <p className="muted">
              Nothing is recorded for it yet. It trains and unlearns on this machine; nothing is uploaded.
            </p>
          </>
        )}
      </div>
    </Pane>
  );
}
