import * as Comlink from 'comlink';
import { fetchFrom } from '../src/lab/data/fetch-asset';
import { memoryOfAddress } from '../src/lab/data/read-stored';
import { storedSources } from '../src/lab/data/sources/stored-source';
import type { LabApi, LabEvent } from '../src/lab/lab-api';
import { BEAT, READY } from '../src/lab/lab-api';
import { registries } from '../src/lab/session/all-registries';
import { gather } from '../src/lab/session/gather';

import { createSession } from '../src/lab/session/session';
import { memoryStore } from '../src/lab/store/memory';
import { opfsStore } from '../src/lab/store/opfs';
import { openEngine } from '../src/lab/train/open-engine';
import { isTilingSetting } from '../src/lab/train/tiling-setting';
import { openDataHost } from './data-host';

// The worker's own folder (`workers/` in development, `assets/` when built) lies directly under the site's root.
const root = new URL('..', self.location.href);

// As the page's address says them: see start-worker.ts.
const options = self.name.split('?')[1] ?? '';
const asked = new URLSearchParams(options).get('tilings');
const tilings = isTilingSetting(asked) ? asked : 'auto';

/** At most ten messages a second: the page has other things to do. */
const INTERVAL_MS = 100;
let listener: Parameters<LabApi['subscribe']>[0] = () => {};
// A proxied listener answers with a promise, when the page has taken the events in.
const events = gather<LabEvent>(async (batch) => listener(batch), INTERVAL_MS);

// Private windows and blocked site data have no lasting store: then a study just cannot outlive the page.
const session = (async () => {
  const store = await opfsStore().catch(() => memoryStore());
  const dataHost = await openDataHost(memoryOfAddress(options));
  for (const source of await storedSources(dataHost.cache)) registries.sources.add(source);
  return createSession({
    registries,
    openEngine: () => openEngine({ tilings, tilingStore: dataHost.cache }),
    readAsset: fetchFrom(root),
    dataHost,
    store,
    emit: events.add,
  });
})();

const api: LabApi = {
  async subscribe(next) {
    listener = next;
  },
  device: async () => (await session).device(),
  openDataFiles: async (...given) => (await session).openDataFiles(...given),
  openCheckpoint: async (...given) => (await session).openCheckpoint(...given),
  openGivenFile: async (...given) => (await session).openGivenFile(...given),
  cancelReading: async (reading) => (await session).cancelReading(reading),
  openIndexList: async (...given) => (await session).openIndexList(...given),
  identifyFile: async (...given) => (await session).identifyFile(...given),
  run: async (study) => {
    try {
      return await (await session).run(study);
    } finally {
      // Answers and events travel by different ports: only what has arrived is surely first.
      await events.drained();
    }
  },
  pause: async () => (await session).pause(),
  step: async () => (await session).step(),
  resume: async () => (await session).resume(),
  cancel: async () => (await session).cancel(),
  inspect: async (study) => (await session).inspect(study),
  calibrate: async (study) => (await session).calibrate(study),
  inspectUnits: async (...given) => (await session).inspectUnits(...given),
  probeUnits: async (...given) => (await session).probeUnits(...given),
  scoreStrategies: async (...given) => (await session).scoreStrategies(...given),
  compareModels: async (...given) => (await session).compareModels(...given),
  export: async (...given) => (await session).export(...given),
};

// Before anything is awaited: what is sent to a worker that does not listen yet is lost.
Comlink.expose(api);

// Held as long as this worker lives; whoever waits for it learns of its end, whatever the cause.
async function holdLock(): Promise<void> {
  await navigator.locks.request(self.name, () => {
    self.postMessage(READY);
    return new Promise(() => {});
  });
}

const BEAT_MS = 1000;

// A frame of another site whose storage is blocked is refused locks, and pages that are not secure have none.
holdLock().catch(() => {
  const beat = () => self.postMessage(BEAT);
  beat();
  setInterval(beat, BEAT_MS);
});
