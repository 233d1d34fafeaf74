import { useCalmAlpha, useSelection } from '../../client/use-selection';
import { useRankedMaps } from './use-ranked-maps';

/** The map that is shown, its seed, and the budget. */
export function useShownMap() {
  const { strategy, seed } = useSelection();
  const alpha = useCalmAlpha();
  const { maps } = useRankedMaps(seed);
  const map = maps.find(({ localizer }) => localizer.id === strategy) ?? maps[0];
  return { map, maps, alpha, seed };
}
