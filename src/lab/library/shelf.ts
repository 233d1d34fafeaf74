import { openResult } from '../results/open-result';
import type { OpfsStore } from '../store/opfs';
import type { ModelOutcome, StudyResult } from '../study/result';
import { entryOfResult, type LibraryEntry, type ListedEntry, libraryName, parseEntry } from './entry';
import { oldestFirst, surplusFiles } from './surplus';

/** Where the library lies: results, each under what its study asks for, and what is listed of them. */
export interface ShelfStores {
  results: Pick<OpfsStore, 'get' | 'put' | 'delete' | 'files'>;
  entries: Pick<OpfsStore, 'get' | 'put' | 'delete' | 'files'>;
}

/** How space is made for what is kept. */
export interface Space {
  /** Whether old results may go: where they may not, what does not fit is not kept. */
  evicts: boolean;
  /** Keys of studies that stay in any case: those on screen. */
  spared: readonly string[];
}

/** What became of a result that was to be kept. */
export interface KeptNews {
  /** Names of the studies that went for it. */
  evicted: string[];
  /** Why it was not kept: one sentence. */
  problem?: string;
}

/** What the plane, the table and the curves need of a finished study: the result without maps and answers, which are most of its bytes. */
export type StudyNumbers = Pick<
  StudyResult,
  'study' | 'device' | 'finished' | 'originals' | 'oracles' | 'runs'
>;

/** So many deletions can be taken back: what they took is held in memory. */
const UNDONE = 20;

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const jsonOf = (bytes: Uint8Array | undefined): unknown => {
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
};

const isFull = (error: unknown) => error instanceof DOMException && error.name === 'QuotaExceededError';

const quoted = (name: string) => `“${name}”`;

/** The library over its stores. Every function rejects as the stores do. */
export function createShelf({ results, entries }: ShelfStores) {
  /** What the last deletions took away, by their numbers. */
  const bin = new Map<number, { entry: LibraryEntry; result?: Uint8Array }[]>();
  let removals = 0;

  async function entryOf(key: string): Promise<LibraryEntry | undefined> {
    const entry = parseEntry(jsonOf(await entries.get(key)));
    return entry?.key === key ? entry : undefined;
  }

  const putEntry = (entry: LibraryEntry) => entries.put(entry.key, encode(entry));

  async function resultOf(key: string) {
    return openResult(jsonOf(await results.get(key)));
  }

  /** Results of versions that listed nothing get their entry. */
  async function entryOfOldResult(key: string): Promise<LibraryEntry | undefined> {
    const parsed = await resultOf(key);
    if (!parsed.ok) return undefined;
    const entry = entryOfResult(parsed.result, 'computed');
    if (entry.key !== key) return undefined;
    await putEntry(entry);
    return entry;
  }

  /** Newest first. */
  async function list(): Promise<ListedEntry[]> {
    const files = new Map((await results.files()).map((file) => [file.key, file.bytes]));
    const keys = new Set([...(await entries.files()).map(({ key }) => key), ...files.keys()]);
    const listed: ListedEntry[] = [];
    for (const key of keys) {
      const bytes = files.get(key) ?? 0;
      const entry = (await entryOf(key)) ?? (bytes > 0 ? await entryOfOldResult(key) : undefined);
      // What says that it is finished and has no result was cut off when its browser was.
      if (entry && (bytes > 0 || entry.status !== 'finished')) listed.push({ ...entry, bytes });
    }
    return listed.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
  }

  async function drop(key: string): Promise<void> {
    await entries.delete(key);
    await results.delete(key);
  }

  /** Deletes these files of results with their entries. @returns what their studies are called */
  async function evict(keys: readonly string[]): Promise<string[]> {
    const names: string[] = [];
    for (const key of keys) {
      names.push((await entryOf(key))?.name ?? 'a study without a name');
      await drop(key);
    }
    return names;
  }

  async function sparedKeys(spared: readonly string[]): Promise<Set<string>> {
    const all = new Set(spared);
    for (const { key } of await results.files()) if ((await entryOf(key))?.pinned) all.add(key);
    return all;
  }

  /** Writes a result and its entry; where the browser's storage is full the oldest go until it fits. */
  async function place(entry: LibraryEntry, bytes: Uint8Array, { evicts, spared }: Space): Promise<KeptNews> {
    const staying = await sparedKeys([...spared, entry.key]);
    const evicted: string[] = [];
    for (;;) {
      try {
        await results.put(entry.key, bytes);
        await putEntry(entry);
        break;
      } catch (error) {
        if (!isFull(error)) throw error;
        const files = oldestFirst(await results.files());
        const next = evicts ? files.find(({ key }) => !staying.has(key)) : undefined;
        if (!next)
          return {
            evicted,
            problem: `There is no space left in the browser for the result of ${quoted(entry.name)}: delete studies in the library, or save the result under Files.`,
          };
        evicted.push(...(await evict([next.key])));
      }
    }
    if (evicts) {
      const surplus = surplusFiles(await results.files(), staying);
      evicted.push(...(await evict(surplus.map(({ key }) => key))));
    }
    return { evicted };
  }

  /** Keeps a finished study. What was computed here is not replaced by what somebody opened; what the reader calls it stays. */
  async function keep(result: StudyResult, origin: 'computed' | 'opened', space: Space): Promise<KeptNews> {
    const fresh = entryOfResult(result, origin);
    const known = await entryOf(fresh.key);
    if (known?.status === 'finished' && known.origin === 'computed' && origin === 'opened') {
      if (known.date === fresh.date) return { evicted: [] };
      const problem = `${quoted(fresh.name)} was computed here too, and that result stays in the library: the opened one is shown, but not kept.`;
      return { evicted: [], problem };
    }
    return place(asKept(fresh, known), encode(result), space);
  }

  return {
    list,
    keep,
    /** Notes how far a study came that is not finished; a finished one stays as it is. */
    async note(entry: LibraryEntry): Promise<void> {
      const known = await entryOf(entry.key);
      if (known?.status === 'finished') return;
      await putEntry(asKept(entry, known));
    },
    /** Renames or pins; nothing where there is no such study any more. */
    async change(key: string, { name, pinned }: { name?: string; pinned?: boolean }): Promise<void> {
      const entry = await entryOf(key);
      if (!entry) return;
      const next = {
        ...entry,
        ...(name && { name: libraryName(name) ?? entry.name, named: true as const }),
        pinned: pinned ?? entry.pinned,
      };
      if (next.name !== entry.name || next.pinned !== entry.pinned) await putEntry(next);
    },
    /** Deletes studies. @returns their names, and the number by which `restore` brings them back */
    async remove(keys: readonly string[]): Promise<{ names: string[]; removal: number }> {
      const removed: { entry: LibraryEntry; result?: Uint8Array }[] = [];
      for (const key of keys) {
        const entry = await entryOf(key);
        if (entry) removed.push({ entry, result: await results.get(key) });
        await drop(key);
      }
      bin.set(++removals, removed);
      bin.delete(removals - UNDONE);
      return { names: removed.map(({ entry }) => entry.name), removal: removals };
    },
    /** Brings back what a deletion took, unless it was finished anew since; nothing after many others. */
    async restore(removal: number): Promise<void> {
      for (const { entry, result } of bin.get(removal) ?? []) {
        const known = await entryOf(entry.key);
        // A study that was begun again has nothing that its finished result could replace.
        if (known && (known.status === 'finished' || !result)) continue;
        if (result) await results.put(entry.key, result);
        await putEntry(entry);
      }
      bin.delete(removal);
    },
    /** The numbers of a kept study, under the name that the library gives it; undefined where there are none, or they are damaged. */
    async numbers(key: string): Promise<StudyNumbers | undefined> {
      const parsed = await resultOf(key);
      return parsed.ok ? numbersOf(parsed.result) : undefined;
    },
    entryOf,
    resultBytes: (key: string) => results.get(key),
    place,
  };
}

/** What is said anew of a study that is here already: the name that the reader gave it stays, and so does its pin. */
function asKept(fresh: LibraryEntry, known: LibraryEntry | undefined): LibraryEntry {
  if (!known) return fresh;
  const { name, named, pinned } = known;
  return { ...fresh, pinned: pinned || fresh.pinned, ...(named && { name, named }) };
}

export type Shelf = ReturnType<typeof createShelf>;

/** A result without maps and answers. */
export function numbersOf({ study, device, finished, originals, oracles, runs }: StudyResult): StudyNumbers {
  const bare = <T extends ModelOutcome>({ answers: _, ...model }: T) => ({
    ...model,
    series: { ...model.series, points: model.series.points.map(({ answers: __, ...point }) => point) },
  });
  return {
    study,
    device,
    finished,
    originals: originals.map(bare),
    oracles: oracles.map(bare),
    runs: runs.map(bare),
  };
}
