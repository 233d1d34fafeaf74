import { useEffect, useMemo } from 'react';
import { useApp } from '../../client/context';
import { PaneScope, useView } from '../../client/pane-view';
import { useSelection } from '../../client/use-selection';
import { comparisonOf, unknownModels } from '../../panels/compared/comparison';
import { Compared } from '../../panels/compared/context';
import { ModelChoice } from '../../panels/model-choice/ModelChoice';
import { NoAnswers } from '../../panels/model-choice/NoAnswers';
import { ImagePane } from '../../panels/model-images/ImagePane';
import { ImagesPane } from '../../panels/model-images/ImagesPane';
import { findFilter } from '../../panels/model-images/image-filters';
import { Segmented } from '../../ui/Segmented';
import { MODELS_TABS } from './tabs';
import './models-view.css';

/** Two models of the study side by side. */
export default function ModelsView() {
  return (
    <PaneScope pane="models">
      <ModelsPanes />
    </PaneScope>
  );
}

function ModelsPanes() {
  const view = useView();
  const { run } = useSelection();
  const { a, b, seed } = useApp(({ models }) => models);
  const comparison = useMemo(() => comparisonOf(view, { a, b, seed }, run?.id), [view, a, b, seed, run?.id]);
  useKnownChoices();
  if (!comparison) return <NoAnswers />;
  return (
    <Compared value={comparison}>
      <ModelChoice />
      <div className="models-panes">
        <div className="slot slot-images">
          <ImagesPane />
        </div>
        <div className="slot slot-image">
          <ImagePane />
        </div>
        <div className="slot slot-tab">
          <TabPane />
        </div>
      </div>
    </Compared>
  );
}

const OPTIONS = MODELS_TABS.map(({ id, label, help }) => ({ value: id, label, help }));

/** The chosen reading of the two models. */
function TabPane() {
  const tab = useApp(({ models }) => models.tab);
  const setModels = useApp((state) => state.setModels);
  const { id, Pane } = MODELS_TABS.find((each) => each.id === tab) ?? MODELS_TABS[0];
  return (
    <Pane
      tabs={
        <Segmented
          label="Reading of the models"
          value={id}
          onChange={(next) => setModels({ tab: next })}
          options={OPTIONS}
        />
      }
    />
  );
}

/** Takes away what an address asks for and the page or the study does not have, and says so. */
function useKnownChoices(): void {
  const view = useView();
  const awaited = useApp((state) => state.awaited);
  const live = useApp((state) => state.view);
  const models = useApp((state) => state.models);
  const setModels = useApp((state) => state.setModels);
  const notify = useApp((state) => state.notify);
  useEffect(() => {
    if (models.tab !== undefined && !MODELS_TABS.some(({ id }) => id === models.tab)) {
      notify(`The link asks for a tab “${models.tab}” that is not known here.`);
      setModels({ tab: undefined });
    }
    if (models.filter !== undefined && !findFilter(models.filter)) {
      notify(`The link asks for images “${models.filter}”, a filter that is not known here.`);
      setModels({ filter: undefined });
    }
    if (!view || awaited) return;
    // A model that is being added stands in the study that is at work, before anything of it can be shown.
    const unknown = unknownModels(view, models).filter(
      (key) => !live || unknownModels(live, models).includes(key),
    );
    for (const key of unknown) notify(`The study has no model “${key}”, which the link asks for.`);
    if (unknown.length > 0)
      setModels({
        ...(unknown.includes(models.a ?? '') && { a: undefined }),
        ...(unknown.includes(models.b ?? '') && { b: undefined }),
      });
  }, [models, view, live, awaited, setModels, notify]);
}
