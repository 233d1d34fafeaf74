import { useMemo } from 'react';
import { specOf } from '../../lab/nn/models';
import { registries } from '../../lab/session/all-registries';
import type { MapRecord } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { type RankedMap, readMap } from '../panels/memorization-map/ranking';
import { useApp } from '../state/context';

/** Ranking a map costs a sort of the network's units: done once per record. */
const ranked = new WeakMap<MapRecord, RankedMap | undefined>();

function rankOnce(study: Study, record: MapRecord): RankedMap | undefined {
  if (!ranked.has(record)) {
    let map: RankedMap | undefined;
    try {
      map = readMap(specOf(study.model, registries.sources.get(study.data.source)), record);
    } catch {
      // A file from elsewhere may name a strategy or a network that is not known here: its other panes still work.
    }
    ranked.set(record, map);
  }
  return ranked.get(record);
}

/** Everything that is known of one seed: the shown study's maps and those that were scored to compare, in the registry's order. */
export function useEveryMap(seed: number): RankedMap[] {
  const own = useRankedMaps(seed);
  const study = useApp((state) => state.view?.study);
  const others = useApp((state) => state.otherMaps);
  return useMemo(() => {
    const known = new Set(own.map(({ localizer }) => localizer.id));
    const more = others.filter((map) => map.seed === seed && !known.has(map.strategy));
    const all = [...own, ...(study ? more.flatMap((map) => rankOnce(study, map) ?? []) : [])];
    const place = ({ localizer }: RankedMap) => registries.localizers.entries.indexOf(localizer);
    return all.sort((a, b) => place(a) - place(b));
  }, [own, study, others, seed]);
}

/** The shown study's maps of one seed, in the order in which they came. */
export function useRankedMaps(seed: number): RankedMap[] {
  const study = useApp((state) => state.view?.study);
  const maps = useApp((state) => state.view?.maps);
  return useMemo(
    () =>
      study && maps
        ? maps.filter((map) => map.seed === seed).flatMap((map) => rankOnce(study, map) ?? [])
        : [],
    [study, maps, seed],
  );
}
