import { useCallback, useMemo } from 'react';
import { MaskFalls } from '../panels/mask-falls/MaskFalls';
import { MemorizationMap } from '../panels/memorization-map/MemorizationMap';
import { layerShares } from '../panels/memorization-map/mask-summary';
import { cutMap, type RankedMap } from '../panels/memorization-map/ranking';
import { useApp } from '../state/context';
import { pickedUnits, pickUnit } from '../state/pick-unit';
import { FirstRun } from './FirstRun';
import { useRankedMaps } from './use-ranked-maps';
import { useSelection } from './use-selection';

function sharesAt(map: RankedMap | undefined, alpha: number) {
  return map && { label: map.localizer.label, layers: layerShares(map.model, cutMap(map, alpha)) };
}

/** The map and its handle. */
export function MapPane() {
  const { strategy, alpha, seed } = useSelection();
  const maps = useRankedMaps(seed);
  const other = useApp((state) => state.other);
  const setUi = useApp((state) => state.setUi);
  const onStrategy = useCallback((next: string) => setUi({ strategy: next }), [setUi]);
  const onOther = useCallback((next: string | undefined) => setUi({ other: next }), [setUi]);
  const onAlpha = useCallback((next: number) => setUi({ alpha: next }), [setUi]);
  const unrecorded = useApp((state) => state.unrecorded);
  const study = useApp((state) => state.study);
  const editStudy = useApp((state) => state.editStudy);
  const byHand = useMemo(() => {
    const units = pickedUnits(study);
    return units && { units, onPick: (unit: string) => editStudy(pickUnit(study, unit)) };
  }, [study, editStudy]);
  if (unrecorded) return <FirstRun />;
  return (
    <MemorizationMap
      maps={maps}
      strategy={strategy}
      onStrategy={onStrategy}
      other={other}
      onOther={onOther}
      alpha={alpha}
      onAlpha={onAlpha}
      byHand={byHand}
    />
  );
}

/** Where the mask of the map's handle falls. */
export function MaskFallsPane() {
  const { strategy, alpha, seed } = useSelection();
  const maps = useRankedMaps(seed);
  const otherId = useApp((state) => state.other);
  const map = maps.find(({ localizer }) => localizer.id === strategy) ?? maps[0];
  const other = maps.find((candidate) => candidate.localizer.id === otherId && candidate !== map);
  const mask = useMemo(() => sharesAt(map, alpha), [map, alpha]);
  const otherMask = useMemo(() => sharesAt(other, alpha), [other, alpha]);
  return <MaskFalls mask={mask} other={otherMask} alpha={alpha} />;
}
