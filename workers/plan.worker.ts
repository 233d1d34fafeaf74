import * as Comlink from 'comlink';
import { type PriceRequest, priceStudy } from '../src/lab/plan/price';
import { staleness } from '../src/lab/plan/staleness';
import { registries } from '../src/lab/session/all-registries';
import type { Study } from '../src/lab/study/study';

/** Plans studies of many runs where nobody waits for a frame. */
Comlink.expose({
  price: (request: PriceRequest) => priceStudy(request, registries),
  staleness: (shown: Study | undefined, edited: Study) => staleness(shown, edited, registries),
});
