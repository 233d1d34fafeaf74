import type { Localizer } from '../localize/localizer';
import { specOf } from '../nn/models';
import { expandRuns } from '../study/expand';
import type { Study } from '../study/study';
import type { Registries } from './registries';

/** Whether a strategy finds a mask by itself: not so `manual`, which is told, and `full`, which takes everything. */
export function findsMask({ usesAlpha, needs }: Pick<Localizer, 'usesAlpha' | 'needs'>): boolean {
  return usesAlpha || needs.model === true;
}

/** The strategies that find a mask by themselves in the study's network, in the order of the registry. */
export function strategiesFor(
  { model, data }: Pick<Study, 'model' | 'data'>,
  { localizers, sources }: Pick<Registries, 'localizers' | 'sources'>,
): Localizer[] {
  const spec = specOf(model, sources.get(data.source));
  return localizers.entries.filter((entry) => findsMask(entry) && !entry.unfit?.(spec));
}

/**
 * The study with one run of every strategy that finds a mask by itself, in the order of the registry; a strategy keeps the
 * settings that the study gives it. Its score stages have the keys of the study's own, so that nothing is scored twice.
 */
export function everyStrategy(
  study: Study,
  seed: number,
  registries: Pick<Registries, 'localizers' | 'unlearners' | 'sources'>,
): Study {
  const own = expandRuns(study);
  const method = registries.unlearners.entries.find(({ takesMask }) => takesMask)!.id;
  const runs = strategiesFor(study, registries).map(({ id }) => {
    const run = own.find(({ strategy, localize }) => strategy === id && localize);
    return { strategy: id, method, alpha: 0.3, seed, localize: run?.localize };
  });
  return { ...study, runs };
}
