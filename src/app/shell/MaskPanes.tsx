import { useCallback, useMemo } from 'react';
import { MaskFalls } from '../panels/mask-falls/MaskFalls';
import { MemorizationMap } from '../panels/memorization-map/MemorizationMap';
import { layerShares } from '../panels/memorization-map/mask-summary';
import { cutMap, type RankedMap } from '../panels/memorization-map/ranking';
import { useApp } from '../state/context';
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
  return (
    <MemorizationMap
      maps={maps}
      strategy={strategy}
      onStrategy={useCallback((next) => setUi({ strategy: next }), [setUi])}
      other={other}
      onOther={useCallback((next) => setUi({ other: next }), [setUi])}
      alpha={alpha}
      onAlpha={useCallback((next) => setUi({ alpha: next }), [setUi])}
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
