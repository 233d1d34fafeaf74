import { spawnSync } from 'node:child_process';
import { describeAdapter } from '../../../src/lab/gpu/adapter';
import type { DeviceDescription } from '../../../src/lab/study/result';
import { writeJson } from '../files';

/** What the device step writes. */
export interface DeviceFound {
  adapter: DeviceDescription;
  /** As Dawn tells them. */
  info: Record<string, string | number | boolean>;
  limits: Record<string, number>;
  features: string[];
  /** `name, driver, memory` of NVIDIA's own tool, where it is. */
  nvidia?: string;
}

async function requestAdapter(): Promise<GPUAdapter> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('There is no WebGPU adapter here.');
  return adapter;
}

/** Prints the description of the adapter as JSON, and nothing else. */
export async function probeAdapter(): Promise<void> {
  console.log(JSON.stringify(describeAdapter((await requestAdapter()).info)));
}

/** All values of an object of the WebGPU API, whose members are getters of its prototype. */
function membersOf<Value>(object: object): Record<string, Value> {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(object));
  const members = [...new Set([...names, ...Object.keys(object)])]
    .sort()
    .map((name) => [name, (object as Record<string, Value>)[name]] as const);
  return Object.fromEntries(
    members.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  ) as Record<string, Value>;
}

export async function probeDevice(path: string): Promise<void> {
  const { info, limits, features } = await requestAdapter();
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  const { stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 5000 });
  const found: DeviceFound = {
    adapter: describeAdapter(info),
    info: membersOf(info),
    limits: membersOf(limits),
    features: [...features].sort(),
    ...(stdout?.trim() && { nvidia: stdout.trim() }),
  };
  await writeJson(path, found);
  console.log(`${found.adapter.label}: ${found.features.join(', ')}`);
}
