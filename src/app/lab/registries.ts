import { datasetSources } from '../../lab/data';
import { metrics } from '../../lab/evaluate';
import { forgetRules } from '../../lab/forget';
import { localizers } from '../../lab/localize';
import { models } from '../../lab/nn/models';
import type { Registries } from '../../lab/session/registries';
import type { Entry, Registry } from '../../lab/settings';
import { unlearners } from '../../lab/unlearn';
import type { Labels } from '../shell/cards';

/** Everything that a study on the page can name. */
export const registries: Registries = {
  sources: datasetSources,
  forgetRules,
  localizers,
  unlearners,
  metrics,
};

/** An unknown id (a file from a newer version) stands for itself. */
const labelIn = (registry: Registry<Entry>) => (id: string) => registry.find(id)?.label ?? id;

export const labels: Labels = {
  source: labelIn(datasetSources),
  model: ({ model }) => ('id' in model ? labelIn(models)(model.id) : 'own network'),
  rule: labelIn(forgetRules),
  strategy: labelIn(localizers),
  method: labelIn(unlearners),
};
