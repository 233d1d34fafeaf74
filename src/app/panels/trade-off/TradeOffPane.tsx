import { useCallback, useMemo } from 'react';
import { groupRuns } from '../../../lab/results/run-groups';
import { useApp } from '../../client/context';
import { useView } from '../../client/pane-view';
import { useSelection, useSelectRun } from '../../client/use-selection';
import { OpenModels, useOpenModels } from '../model-choice/OpenModels';
import { TradeOff } from './TradeOff';

const NONE: never[] = [];
const OPEN_MODELS = <OpenModels />;

/** Usefulness against forgetting, all runs that are not hidden. */
export function TradeOffPane() {
  const { run, liveRun } = useSelection();
  const view = useView();
  const hidden = useApp((state) => state.marks.hidden);
  const sameScale = useApp((state) => state.sameScale);
  const setUi = useApp((state) => state.setUi);
  const onSameScale = useCallback((same: boolean) => setUi({ sameScale: same }), [setUi]);
  const runs = useMemo(() => {
    const groups = groupRuns(view?.runs ?? NONE);
    return groups.filter(({ key }) => !hidden.includes(key)).flatMap((group) => group.runs);
  }, [view?.runs, hidden]);
  return (
    <TradeOff
      originals={view?.originals ?? NONE}
      oracles={view?.oracles ?? NONE}
      runs={runs}
      liveRun={liveRun}
      selected={run?.id}
      onSelect={useSelectRun()}
      onOpen={useOpenModels()}
      actions={OPEN_MODELS}
      sameScale={sameScale}
      onSameScale={onSameScale}
    />
  );
}
