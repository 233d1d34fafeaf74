import { type ReactNode, useMemo } from 'react';
import { cutMap, type RankedMap } from '../../../lab/localize/ranked-map';
import { useApp } from '../../client/context';
import { useShownMap } from '../memorization-map/use-shown-map';
import { MaskFalls } from './MaskFalls';

interface MaskFallsPaneProps {
  /** Buttons in the head that switch to the other panes in this place. */
  tabs: ReactNode;
}

function sharesAt(map: RankedMap | undefined, alpha: number) {
  return map && { label: map.localizer.label, layers: cutMap(map, alpha).layers };
}

/** Where the mask of the map's handle falls. */
export function MaskFallsPane({ tabs }: MaskFallsPaneProps) {
  const { map, maps, alpha } = useShownMap();
  const otherId = useApp((state) => state.other);
  const other = maps.find((candidate) => candidate.localizer.id === otherId && candidate !== map);
  const mask = useMemo(() => sharesAt(map, alpha), [map, alpha]);
  const otherMask = useMemo(() => sharesAt(other, alpha), [other, alpha]);
  return <MaskFalls mask={mask} other={otherMask} alpha={alpha} controls={tabs} />;
}
