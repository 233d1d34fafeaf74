import * as Comlink from 'comlink';
import { exportLibrary, importLibrary } from '../src/lab/library/archive';
import { parseEntry } from '../src/lab/library/entry';
import {
  LIBRARY_CHANNEL,
  LIBRARY_FOLDERS,
  type LibraryApi,
  RECORDED_LIST,
} from '../src/lab/library/library-api';
import { createShelf, numbersOf } from '../src/lab/library/shelf';
import { openResult } from '../src/lab/results/open-result';
import { opfsStore } from '../src/lab/store/opfs';

// The worker's own folder (`workers/` in development, `assets/` when built) lies directly under the site's root.
const root = new URL('..', self.location.href);

const shelf = (async () => {
  const [results, entries] = await Promise.all([
    opfsStore(LIBRARY_FOLDERS.results),
    opfsStore(LIBRARY_FOLDERS.entries),
  ]);
  return createShelf({ results, entries });
})();
// Who asks for it is told.
shelf.catch(() => {});

const channel = new BroadcastChannel(LIBRARY_CHANNEL);

let changes: Promise<unknown> = Promise.resolve();

/** Changes the library, one change after the other, and tells every tab. */
function changing<T>(change: () => Promise<T>): Promise<T> {
  const changed = changes.then(change).finally(() => channel.postMessage('changed'));
  changes = changed.catch(() => {});
  return changed;
}

const sizeOf = (files: { bytes: number }[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** JSON of the site; undefined where it does not answer with any. */
async function siteJson(path: string): Promise<unknown> {
  try {
    const response = await fetch(new URL(path, root));
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

const api: LibraryApi = {
  list: async () => (await shelf).list(),
  keep: (...given) => changing(async () => (await shelf).keep(...given)),
  note: (...given) => changing(async () => (await shelf).note(...given)),
  change: (...given) => changing(async () => (await shelf).change(...given)),
  remove: (...given) => changing(async () => (await shelf).remove(...given)),
  restore: (...given) => changing(async () => (await shelf).restore(...given)),
  numbers: async (key) => (await shelf).numbers(key),
  async recorded() {
    const list = await siteJson(RECORDED_LIST);
    return Array.isArray(list) ? list.flatMap((entry) => parseEntry(entry) ?? []) : [];
  },
  async recordedNumbers(preset) {
    const parsed = openResult(await siteJson(`recorded/${preset}.json`));
    return parsed.ok ? numbersOf(parsed.result) : undefined;
  },
  exportAll: async () => exportLibrary(await shelf),
  importAll: (...given) => changing(async () => importLibrary(await shelf, ...given)),
  async usage() {
    const artifacts = await opfsStore();
    const [, results, kept] = await Promise.all([
      shelf,
      opfsStore(LIBRARY_FOLDERS.results),
      artifacts.files(),
    ]);
    const { quota } = await navigator.storage.estimate();
    return { results: sizeOf(await results.files()), artifacts: sizeOf(kept), quota };
  },
  clearArtifacts: () =>
    changing(async () => {
      const artifacts = await opfsStore();
      await Promise.all((await artifacts.keys()).map((key) => artifacts.delete(key)));
    }),
};

Comlink.expose(api);
