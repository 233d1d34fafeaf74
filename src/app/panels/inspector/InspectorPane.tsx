import { type ReactNode, useMemo } from 'react';
import { unitNumbers } from '../../../lab/localize/map-model';
import { cutMap } from '../../../lab/localize/ranked-map';
import { useApp } from '../../client/context';
import { useView } from '../../client/pane-view';
import { useAskable } from '../../client/use-askable';
import { imagesOf } from '../../state/image-set';
import { withMaskByHand } from '../../state/pick-unit';
import { plantedLabels } from '../forget-set/shown';
import { useShownMap } from '../memorization-map/use-shown-map';
import { Inspector } from './Inspector';
import { useUnitQuestions } from './use-unit-questions';

interface InspectorPaneProps {
  /** Buttons in the head that switch to the other panes in this place. */
  tabs: ReactNode;
}

/** The units that are selected on the map. */
export function InspectorPane({ tabs }: InspectorPaneProps) {
  const { map, alpha, seed } = useShownMap();
  const names = useApp((state) => state.units);
  const canUndo = useApp((state) => state.pastUnits.length > 0);
  const selectUnits = useApp((state) => state.selectUnits);
  const undoUnits = useApp((state) => state.undoUnits);
  // Images of another data set would show the wrong examples.
  const view = useView();
  const images = useApp(({ images }) => view && imagesOf(images, view.study.data));
  const { forget, planted } = view ?? {};
  const wrong = useMemo(() => plantedLabels(forget, planted), [forget, planted]);
  const study = useApp((state) => state.study);
  const editStudy = useApp((state) => state.editStudy);
  const confirm = useApp((state) => state.confirm);
  const { askable, obstacle } = useAskable();
  const answers = useUnitQuestions(askable, seed, names, map?.localizer.id ?? 'del');
  const cut = useMemo(() => map && cutMap(map, alpha), [map, alpha]);
  const units = useMemo(() => (map ? unitNumbers(map.model, names) : []), [map, names]);
  return (
    <Inspector
      map={map}
      cut={cut}
      units={units}
      images={images}
      forget={forget?.length ?? 0}
      wrong={wrong}
      obstacle={obstacle}
      {...answers}
      onMask={() => {
        editStudy(withMaskByHand(study, names));
        confirm('The selection is the mask by hand; Ctrl Z takes it back.');
      }}
      onClear={() => selectUnits([])}
      onUndo={canUndo ? undoUnits : undefined}
      controls={tabs}
    />
  );
}
