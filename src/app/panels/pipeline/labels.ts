import { models } from '../../../lab/nn/models';
import { registries } from '../../../lab/session/all-registries';
import type { Entry, Registry } from '../../../lab/settings';
import type { Labels } from './card-text';

/** An unknown id (a file from a newer version) stands for itself. */
const labelIn = (registry: Registry<Entry>) => (id: string) => registry.find(id)?.label ?? id;

export const registryLabels: Labels = {
  source: labelIn(registries.sources),
  model: ({ model }) => ('id' in model ? labelIn(models)(model.id) : 'own network'),
  rule: labelIn(registries.forgetRules),
  strategy: labelIn(registries.localizers),
  method: labelIn(registries.unlearners),
};
