import { datasetSources } from '../data/sources';
import { metrics } from '../evaluate';
import { forgetRules } from '../forget';
import { localizers } from '../localize';
import { unlearners } from '../unlearn';
import type { Registries } from './registries';

/** Everything that Lethe ships: what the page, the worker and the command line name studies with. */
export const registries: Registries = {
  sources: datasetSources,
  forgetRules,
  localizers,
  unlearners,
  metrics,
};
