import { useMemo, useSyncExternalStore } from 'react';
import { type RankedMap, rankedMap, readMap } from '../../../lab/localize/ranked-map';
import { countOfRecord } from '../../../lab/localize/scores-codec';
import { specOf } from '../../../lab/nn/models';
import { registries } from '../../../lab/session/all-registries';
import { expandRuns } from '../../../lab/study/expand';
import type { MapRecord, Tuned } from '../../../lab/study/result';
import type { Study } from '../../../lab/study/study';
import { useApp } from '../../client/context';
import { useView } from '../../client/pane-view';
import { prepareApart } from '../../client/ranker';

/** A map as far as it is known; an error where it cannot be ranked. */
type Ranked = RankedMap | 'ranking' | Error;

/** Ranking a map costs a sort of the network's units or weights: done once per record. */
const ranked = new WeakMap<MapRecord, Ranked>();

/** From so many weights on, ranking them takes longer than a frame or two: done in a worker. */
const APART = 200_000;

/** Called whenever a worker has ranked a map. */
const listeners = new Set<() => void>();
let rankedApart = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function rankOnce(study: Study, record: MapRecord, tuned?: readonly Tuned[]): Ranked {
  const known = ranked.get(record);
  if (known) return known;
  let started: Ranked;
  try {
    started = startRanking(study, record, tuned);
  } catch (error) {
    // A file from elsewhere may name a strategy or a network that is not known here: its other panes still work.
    started = error as Error;
  }
  ranked.set(record, started);
  return started;
}

function startRanking(study: Study, record: MapRecord, tuned: readonly Tuned[] = []): RankedMap | 'ranking' {
  const spec = specOf(study.model, registries.sources.get(study.data.source));
  const own = expandRuns(study).find(
    ({ strategy, seed, localize }) => strategy === record.strategy && seed === record.seed && localize,
  );
  const { candidates, winner = 0 } = tuned.find(({ runs }) => own && runs.includes(own.id)) ?? {};
  const localize = candidates?.[winner]?.localize ?? own?.localize;
  if (record.granularity === 'channel' || countOfRecord(record) < APART)
    return readMap(spec, record, localize);
  prepareApart(spec, record)
    .then((prepared) => ranked.set(record, rankedMap(spec, record, localize, prepared)))
    .catch((error: Error) => ranked.set(record, error))
    .finally(() => {
      rankedApart++;
      for (const listener of listeners) listener();
    });
  return 'ranking';
}

interface Maps {
  maps: RankedMap[];
  /** Labels of the strategies whose maps are still being ranked. */
  ranking: string[];
  /** Why one of them cannot be ranked: one sentence. */
  failure?: string;
}

/** What is known of some records; renders again when a worker has ranked one. */
function useMaps(
  study: Study | undefined,
  records: readonly MapRecord[],
  tuned: readonly Tuned[] | undefined,
): Maps {
  const finished = useSyncExternalStore(subscribe, () => rankedApart);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a finished ranking changes what `rankOnce` knows
  return useMemo(() => {
    const known = study ? records.map((record) => ({ record, map: rankOnce(study, record, tuned) })) : [];
    return {
      maps: known.flatMap(({ map }) => (map === 'ranking' || map instanceof Error ? [] : [map])),
      failure: known.flatMap(({ map }) => (map instanceof Error ? [map.message] : []))[0],
      ranking: known
        .filter(({ map }) => map === 'ranking')
        .map(({ record }) => registries.localizers.get(record.strategy).label),
    };
  }, [study, records, tuned, finished]);
}

const NONE: never[] = [];

/** Everything that is known of one seed: the shown study's maps and those that were scored to compare, in the registry's order. */
export function useEveryMap(seed: number): RankedMap[] {
  const { maps: own } = useRankedMaps(seed);
  const view = useView();
  const others = useApp((state) => state.otherMaps);
  const more = useMemo(() => {
    const known = new Set(own.map(({ localizer }) => localizer.id));
    return others.filter((map) => map.seed === seed && !known.has(map.strategy));
  }, [own, others, seed]);
  const { maps } = useMaps(view?.study, more, view?.tuned);
  return useMemo(() => {
    const place = ({ localizer }: RankedMap) => registries.localizers.entries.indexOf(localizer);
    return [...own, ...maps].sort((a, b) => place(a) - place(b));
  }, [own, maps]);
}

/** The shown study's maps of one seed, in the order in which they came. */
export function useRankedMaps(seed: number): Maps {
  const view = useView();
  const maps = view?.maps ?? NONE;
  const records = useMemo(() => maps.filter((map) => map.seed === seed), [maps, seed]);
  return useMaps(view?.study, records, view?.tuned);
}
