import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeviceDescription } from '../../src/lab/study/result';
import { driverSearches, type Search, thisMachine } from './vulkan';

/** The adapter that a sitting is about, and how it was found. */
export interface FoundAdapter {
  adapter: DeviceDescription;
  search: Search;
}

/** A driver that hangs must not take the sitting with it. */
const PROBE_MS = 30_000;

/**
 * The first way to a driver that leads to a GPU, else the first that leads to any adapter. Each is tried in a process of its own, since a
 * process finds its driver once.
 * @param folder where driver files may be written
 * @returns or one sentence: what was tried, and what came of it
 */
export function findAdapter(root: string, probe: string, folder: string): FoundAdapter | string {
  const brought = { loader: join(root, 'lib', 'vulkan'), x11: join(root, 'lib', 'x11') };
  let fallback: FoundAdapter | undefined;
  const tried: string[] = [];
  for (const search of driverSearches(thisMachine(), brought, folder, process.env)) {
    if (search.write) {
      mkdirSync(dirname(search.write.path), { recursive: true });
      writeFileSync(search.write.path, search.write.text);
    }
    const { stdout } = spawnSync(process.execPath, [probe, 'adapter'], {
      env: { ...process.env, ...search.env },
      encoding: 'utf8',
      timeout: PROBE_MS,
      killSignal: 'SIGKILL',
    });
    const adapter = parsed(stdout);
    if (adapter && !adapter.software) return { adapter, search };
    if (adapter) fallback ??= { adapter, search };
    tried.push(`${search.what}: ${adapter ? adapter.label : 'nothing'}`);
  }
  return (
    fallback ?? `There is no WebGPU adapter here; tried were ${tried.join('; ')}. Install a Vulkan driver.`
  );
}

function parsed(text: string | null): DeviceDescription | undefined {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
