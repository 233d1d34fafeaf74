import { useDeferredValue, useMemo } from 'react';
import { registries } from '../../../lab/session/all-registries';
import { useApp } from '../../client/context';
import { type CostView, costView } from '../../state/study-cost';
import { isAtWork } from '../../state/view';

/** What the edited study will take here; undefined for one that cannot be planned. */
export function useCost(): CostView | undefined {
  // Deferred, so that planning does not slow down typing.
  const study = useDeferredValue(useApp((state) => state.study));
  const calibrated = useApp((state) => state.calibrated);
  // While it runs it changes many times a second, and nobody asks what it will take.
  const view = useApp(({ view: shown }) => (isAtWork(shown) ? undefined : shown));
  return useMemo(
    () => costView(study, calibrated, registries, location.search, view),
    [study, calibrated, view],
  );
}
