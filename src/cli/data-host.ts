import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseMemory } from '../lab/data/read-stored';
import { HUB } from '../lab/data/sources/hub-source';
import type { DataHost } from '../lab/data/sources/source';
import { fileStore } from '../lab/store/node';
import { folderFiles } from '../lab/store/node-files';
import { folderLocks } from '../lab/store/node-locks';
import { explainingRefusals } from '../lab/store/refused';
import { nodeDecoder } from './decoder';
import { nodeRows } from './parquet-rows';

/**
 * Data sets of the hub on this machine: kept in `$LETHE_CACHE`, else in `lethe` in the user's cache folder; downloaded from
 * `$LETHE_DATA_BASE`, a mirror with the hub's paths, else from the hub. A set with more than
 * `$LETHE_DATA_MEMORY` megabytes of images is streamed from the disk.
 */
export function openDataHost(environment: NodeJS.ProcessEnv = process.env): DataHost {
  const { LETHE_CACHE, LETHE_DATA_BASE, LETHE_DATA_MEMORY, XDG_CACHE_HOME } = environment;
  const folder = LETHE_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'lethe');
  const hub = LETHE_DATA_BASE || HUB;
  const explained = <T extends object>(open: (place: string) => T, name: string) =>
    explainingRefusals(
      open(join(folder, name)),
      folder,
      'name another folder for data sets with LETHE_CACHE',
    );
  return {
    cache: explained(fileStore, 'data'),
    files: explained(folderFiles, 'downloads'),
    locks: explained(folderLocks, 'locks'),
    decode: nodeDecoder(),
    rows: nodeRows(),
    memory: parseMemory('LETHE_DATA_MEMORY', LETHE_DATA_MEMORY),
    hub: hub.endsWith('/') ? hub : `${hub}/`,
    unreachable: proxyAdvice(environment),
  };
}

/** Node's `fetch` goes past a proxy that the environment names, unless it is told otherwise when it starts. */
function proxyAdvice(environment: NodeJS.ProcessEnv): string | undefined {
  const name = ['HTTPS_PROXY', 'https_proxy'].find((candidate) => environment[candidate]);
  const isUsed = environment.NODE_USE_ENV_PROXY === '1' && Number.parseInt(process.versions.node, 10) >= 24;
  if (!name || isUsed) return undefined;
  return `Node does not use ${name} by itself: set NODE_USE_ENV_PROXY=1 (from Node 24 on), or name a mirror with LETHE_DATA_BASE`;
}
