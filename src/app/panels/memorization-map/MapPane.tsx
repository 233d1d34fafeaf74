import { useCallback, useMemo } from 'react';
import { useApp } from '../../client/context';
import { useView } from '../../client/pane-view';
import { useAlpha, useSelection } from '../../client/use-selection';
import { pickedUnits } from '../../state/pick-unit';
import { MemorizationMap } from './MemorizationMap';
import { useRankedMaps } from './use-ranked-maps';

/** The map and its handle. */
export function MapPane() {
  const { strategy, seed } = useSelection();
  const alpha = useAlpha();
  const { maps, ranking, failure } = useRankedMaps(seed);
  const damage = useView()?.mapDamage;
  const other = useApp((state) => state.other);
  const setUi = useApp((state) => state.setUi);
  const onStrategy = useCallback((next: string) => setUi({ strategy: next }), [setUi]);
  const onOther = useCallback((next: string | undefined) => setUi({ other: next }), [setUi]);
  const onAlpha = useCallback((next: number) => setUi({ alpha: next }), [setUi]);
  const study = useApp((state) => state.study);
  const byHand = useMemo(() => pickedUnits(study), [study]);
  const units = useApp((state) => state.units);
  const onSelect = useApp((state) => state.selectUnits);
  const onUndo = useApp((state) => state.undoUnits);
  const selection = useMemo(() => ({ units, onSelect, onUndo }), [units, onSelect, onUndo]);
  return (
    <MemorizationMap
      maps={maps}
      ranking={ranking}
      failure={failure}
      damage={damage}
      strategy={strategy}
      onStrategy={onStrategy}
      other={other}
      onOther={onOther}
      alpha={alpha}
      onAlpha={onAlpha}
      byHand={byHand}
      selection={selection}
    />
  );
}
