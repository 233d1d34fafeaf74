import type { DatasetSources } from '../data/sources';
import type { Metric } from '../evaluate/metric';
import type { ForgetRule } from '../forget/forget-rule';
import type { Localizer } from '../localize/localizer';
import type { Registry } from '../settings';
import type { Unlearner } from '../unlearn/unlearner';

/** Everything a study can name. Passed in, so that tests bring their own and the command line adds data from files. */
export interface Registries {
  sources: DatasetSources;
  forgetRules: Registry<ForgetRule>;
  localizers: Registry<Localizer>;
  unlearners: Registry<Unlearner>;
  metrics: Registry<Metric>;
}
