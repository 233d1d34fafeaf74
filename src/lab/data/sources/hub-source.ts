import type { HubSpec } from './hub-spec';
import { checkWanted, type DatasetSource } from './source';

/** Where the hub is, unless a mirror is given. */
export const HUB = 'https://huggingface.co/datasets/';

/** A registry entry for a data set on the hub. What loads it comes when it is needed: a page shows its entry at once. */
export function hubSource(spec: HubSpec): DatasetSource {
  return {
    ...spec,
    async load(want, _read, options = {}) {
      checkWanted(want, spec);
      const { loadFromHub } = await import('./hub-load');
      return loadFromHub(spec, want, options);
    },
    async toLoad(want, cache) {
      const { toLoad } = await import('./hub-load');
      return toLoad(spec, want, cache);
    },
    async loadCached(want, cache, memory) {
      const { loadCachedFromHub } = await import('./hub-load');
      return loadCachedFromHub(spec, want, cache, memory);
    },
  };
}
