import * as Comlink from 'comlink';
import { useMemo, useState } from 'react';
import { localizers } from '../../lab/localize';
import { unitNumbers } from '../../lab/localize/map-model';
import { cutMap, type RankedMap } from '../../lab/localize/ranked-map';
import { findsMask } from '../../lab/plan/every-strategy';
import type { MapRecord } from '../../lab/study/result';
import { Segmented } from '../charts/Segmented';
import type { Asked } from '../panels/Asked';
import { plantedLabels } from '../panels/forget-set/shown';
import { Inspector } from '../panels/inspector/Inspector';
import { MaskFalls } from '../panels/mask-falls/MaskFalls';
import { MaskOverlap } from '../panels/mask-overlap/MaskOverlap';
import { useApp, useController } from '../state/context';
import { imagesOf } from '../state/images-of';
import { withMaskByHand } from '../state/pick-unit';
import type { UnitsSlice } from '../state/units-slice';
import { failure } from './asked';
import { useAskable } from './use-askable';
import { useEveryMap, useRankedMaps } from './use-ranked-maps';
import { useCalmAlpha, useSelection } from './use-selection';
import { useUnitQuestions } from './use-unit-questions';

const TABS: { value: UnitsSlice['low']; label: string; help: string }[] = [
  { value: 'layers', label: 'layers', help: 'How much of every layer the mask selects.' },
  { value: 'overlap', label: 'overlap', help: 'How much the masks of all strategies share.' },
  { value: 'inspect', label: 'inspect', help: 'What the units selected on the map hold.' },
];

/** What stands below the map: the mask by layer, or the inspector. */
export function LowPane() {
  const low = useApp((state) => state.low);
  const setLow = useApp((state) => state.setLow);
  const tabs = <Segmented label="Shown below the map" value={low} onChange={setLow} options={TABS} />;
  switch (low) {
    case 'inspect':
      return <InspectorPane tabs={tabs} />;
    case 'overlap':
      return <OverlapPane tabs={tabs} />;
    default:
      return <MaskFallsPane tabs={tabs} />;
  }
}

interface TabsProps {
  tabs: React.ReactNode;
}

function sharesAt(map: RankedMap | undefined, alpha: number) {
  return map && { label: map.localizer.label, layers: cutMap(map, alpha).layers };
}

/** The map that is shown, its seed, and the budget. */
function useShownMap() {
  const { strategy, seed } = useSelection();
  const alpha = useCalmAlpha();
  const { maps } = useRankedMaps(seed);
  const map = maps.find(({ localizer }) => localizer.id === strategy) ?? maps[0];
  return { map, maps, alpha, seed };
}

/** Where the mask of the map's handle falls. */
function MaskFallsPane({ tabs }: TabsProps) {
  const { map, maps, alpha } = useShownMap();
  const otherId = useApp((state) => state.other);
  const other = maps.find((candidate) => candidate.localizer.id === otherId && candidate !== map);
  const mask = useMemo(() => sharesAt(map, alpha), [map, alpha]);
  const otherMask = useMemo(() => sharesAt(other, alpha), [other, alpha]);
  return <MaskFalls mask={mask} other={otherMask} alpha={alpha} controls={tabs} />;
}

/** What the masks of all strategies share at the handle's budget. */
function OverlapPane({ tabs }: TabsProps) {
  const { strategy, seed } = useSelection();
  const alpha = useCalmAlpha();
  const maps = useEveryMap(seed);
  const { questions } = useController();
  const addOtherMap = useApp((state) => state.addOtherMap);
  const { askable, obstacle } = useAskable();
  const [scoring, setScoring] = useState<Asked<true>>();
  const missing = localizers.entries.filter(
    (entry) => findsMask(entry) && !maps.some(({ localizer }) => localizer === entry),
  );
  const onScore = () => {
    if (!askable) return;
    setScoring({ state: 'asking' });
    const take = (map: MapRecord, done: number, total: number) => {
      addOtherMap(askable, map);
      setScoring({ state: 'asking', done, total });
    };
    questions
      .ask((api) => api.scoreStrategies(askable, seed, Comlink.proxy(take)))
      .then(() => setScoring({ state: 'answered', answer: true }))
      .catch((error) => setScoring(failure(error)));
  };
  return (
    <MaskOverlap
      maps={maps}
      shown={strategy}
      alpha={alpha}
      missing={missing.map(({ label }) => label)}
      scoring={scoring}
      obstacle={obstacle}
      onScore={onScore}
      onCancel={() => questions.stop()}
      controls={tabs}
    />
  );
}

/** The units that are selected on the map. */
function InspectorPane({ tabs }: TabsProps) {
  const { map, alpha, seed } = useShownMap();
  const names = useApp((state) => state.units);
  const canUndo = useApp((state) => state.pastUnits.length > 0);
  const selectUnits = useApp((state) => state.selectUnits);
  const undoUnits = useApp((state) => state.undoUnits);
  // Of other data, they would show the wrong examples.
  const images = useApp(({ images, view }) => view && imagesOf(images, view.study.data));
  const forget = useApp((state) => state.view?.forget);
  const planted = useApp((state) => state.view?.planted);
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
