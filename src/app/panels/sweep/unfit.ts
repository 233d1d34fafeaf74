import type { FitsNetwork } from '../../../lab/nn/fit';
import { specOf } from '../../../lab/nn/models';
import type { ModelSpec } from '../../../lab/nn/spec';
import { registries } from '../../../lab/session/all-registries';
import type { Study } from '../../../lab/study/study';

/**
 * Why entries mean nothing for the network of a study, one sentence each; of a network that is not known here nothing is said.
 */
export function unfitFor({ model, data }: Pick<Study, 'model' | 'data'>) {
  let spec: ModelSpec | undefined;
  try {
    spec = specOf(model, registries.sources.get(data.source));
  } catch {
    // What is wrong with its model or data stands beside these.
  }
  return (entry: FitsNetwork): string | undefined => spec && entry.unfit?.(spec);
}
