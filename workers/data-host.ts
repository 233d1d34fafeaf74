import { HUB } from '../src/lab/data/sources/hub-source';
import type { DataHost } from '../src/lab/data/sources/source';
import { DATA_FOLDER } from '../src/lab/data/sources/stored-source';
import { memoryStore } from '../src/lab/store/memory';
import { opfsStore } from '../src/lab/store/opfs';
import { opfsFiles } from '../src/lab/store/opfs-files';
import { memoryFiles } from '../src/lab/store/partial-files';
import { webLocks } from '../src/lab/store/web-locks';
import { browserDecoder } from './decode-pool';
import { browserRows } from './parquet-rows';

/**
 * Data sets in the browser's private storage; where it gives none, in memory. `VITE_LETHE_DATA_BASE` names a mirror of the hub when
 * the page is built.
 * @param memory bytes of images that are held in memory
 */
export async function openDataHost(memory: DataHost['memory']): Promise<DataHost> {
  const hub: string = import.meta.env.VITE_LETHE_DATA_BASE || HUB;
  return {
    cache: await opfsStore(DATA_FOLDER).catch(() => memoryStore()),
    files: await opfsFiles().catch(() => memoryFiles()),
    locks: webLocks(),
    decode: browserDecoder(),
    rows: browserRows(),
    memory,
    hub: hub.endsWith('/') ? hub : `${hub}/`,
  };
}
