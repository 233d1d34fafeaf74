import { useEffect, useState } from 'react';
import type { LibraryEntry, ListedEntry } from '../../lab/library/entry';
import { LIBRARY_CHANNEL, type LibraryUsage } from '../../lab/library/library-api';
import type { StudyNumbers } from '../../lab/library/shelf';
import { listedId, presetOf } from '../state/library';
import { useActions } from './context';

/** The library as the page shows it. */
export interface LibraryState {
  /** Absent until it is read. */
  entries?: readonly ListedEntry[];
  /** The recordings that are shipped with the page; absent until they are there. */
  recorded?: readonly LibraryEntry[];
  usage?: LibraryUsage;
  /** Why there is none: one sentence. */
  problem?: string;
}

/** The library, read anew whenever it changes, in whichever tab. */
export function useLibrary(): LibraryState {
  const { library } = useActions();
  const [state, setState] = useState<LibraryState>({});
  useEffect(() => {
    let gone = false;
    let reading = false;
    let again = false;
    const take = (change: LibraryState) => {
      if (!gone) setState((before) => ({ ...before, ...change }));
    };
    const read = async () => {
      // Changes come in bunches: one more reading after the present one sees them all.
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      try {
        take({ entries: await library.ask((api) => api.list()), problem: undefined });
        take({ usage: await library.ask((api) => api.usage()) });
      } catch (error) {
        take({ entries: [], problem: (error as Error).message });
      }
      reading = false;
      if (again && !gone) {
        again = false;
        read();
      }
    };
    read();
    library
      .ask((api) => api.recorded())
      .then(
        (recorded) => take({ recorded }),
        () => take({ recorded: [] }),
      );
    const channel = globalThis.BroadcastChannel && new BroadcastChannel(LIBRARY_CHANNEL);
    channel?.addEventListener('message', read);
    return () => {
      gone = true;
      channel?.close();
    };
  }, [library]);
  return state;
}

/** A listed study with its numbers. */
export interface NumberedStudy {
  id: string;
  entry: LibraryEntry;
  /** Absent until they are read. */
  numbers?: StudyNumbers;
  /** They cannot be read. */
  missing?: true;
}

/** The numbers of these studies, each read once for every time that it was computed. */
export function useStudyNumbers(entries: readonly LibraryEntry[]): NumberedStudy[] {
  const { library } = useActions();
  const [known, setKnown] = useState<ReadonlyMap<string, StudyNumbers | undefined>>(new Map());
  const wanted = entries.map((entry) => ({
    id: listedId(entry),
    stamp: `${listedId(entry)} ${entry.date}`,
    entry,
  }));
  const unread = wanted.filter(({ stamp }) => !known.has(stamp));
  const stamps = unread.map(({ stamp }) => stamp).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamps say which are unread
  useEffect(() => {
    let gone = false;
    for (const { stamp, entry } of unread) {
      const preset = entry.origin === 'recorded' ? presetOf(entry) : undefined;
      const reading = library.ask((api) =>
        preset === undefined ? api.numbers(entry.key) : api.recordedNumbers(preset),
      );
      reading
        .catch(() => undefined)
        .then((numbers) => {
          if (!gone) setKnown((before) => new Map([...before, [stamp, numbers]]));
        });
    }
    return () => {
      gone = true;
    };
  }, [stamps, library]);
  return wanted.map(({ id, stamp, entry }) => {
    const numbers = known.get(stamp);
    return { id, entry, numbers, ...(known.has(stamp) && !numbers && { missing: true }) };
  });
}
