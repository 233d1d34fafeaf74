import { useDeferredValue, useMemo } from 'react';
import { type PriceRequest, priceStudy } from '../../../lab/plan/price';
import { registries } from '../../../lab/session/all-registries';
import { useApp } from '../../client/context';
import { askPlanner, isPlannedApart } from '../../client/planner';
import { usePlanned } from '../../client/use-planned';
import { type CostView, pricedView, priceRequest } from '../../state/study-cost';
import { isAtWork } from '../../state/view';

const priceHere = (request: PriceRequest) => priceStudy(request, registries);
const askWorker = (request: PriceRequest) => askPlanner((api) => api.price(request));

/** What the edited study will take here; undefined for one that cannot be planned. */
export function useCost(): CostView | undefined {
  // Deferred, so that planning does not slow down typing.
  const study = useDeferredValue(useApp((state) => state.study));
  const calibrated = useApp((state) => state.calibrated);
  // While it runs it changes many times a second, and nobody asks what it will take.
  const view = useApp(({ view: shown }) => (isAtWork(shown) ? undefined : shown));
  const request = useMemo(
    () => priceRequest(study, calibrated, location.search, view),
    [study, calibrated, view],
  );
  const price = usePlanned(request, priceHere, isPlannedApart(study) ? askWorker : undefined);
  return useMemo(() => price && pricedView(study, calibrated, price), [study, calibrated, price]);
}
