import { datasetSources } from '../data/sources';
import { metrics } from '../evaluate';
import { forgetRules } from '../forget';
import { localizers } from '../localize';
import { stages } from '../stages';
import type { LabRegistries } from '../stages/stage-kind';
import { unlearners } from '../unlearn';

/** Everything that Lethe ships: what the page, the worker and the command line name studies with. */
export const registries: LabRegistries = {
  sources: datasetSources,
  forgetRules,
  localizers,
  unlearners,
  metrics,
  stages,
};
