import { create, globals } from 'webgpu';
import { LetheError } from '../lab/settings';
import type { Engine } from '../lab/train/engine';
import type { OpenEngineOptions } from '../lab/train/open-engine';

/** Gives Node a `navigator.gpu` (Dawn). Must come before the engine is loaded: TF.js looks for it then. */
function provideWebGpu(): GPU {
  if (!globalThis.navigator?.gpu) {
    Object.assign(globalThis, globals);
    const gpu = create([]);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  }
  return globalThis.navigator.gpu;
}

/** @throws LetheError when this machine has no usable adapter. */
export async function openDevice(
  options?: Pick<OpenEngineOptions, 'tilings' | 'tilingStore'>,
): Promise<Engine> {
  provideWebGpu();
  const { openEngine } = await import('../lab/train/open-engine');
  return openEngine(options);
}

/** All adapters found. Dawn answers by power preference, so it may name the same adapter more than once. */
export async function adapters(): Promise<GPUAdapterInfo[]> {
  const gpu = provideWebGpu();
  const wishes: GPURequestAdapterOptions[] = [
    { powerPreference: 'high-performance' },
    { powerPreference: 'low-power' },
    { forceFallbackAdapter: true },
  ];
  const found = new Map<string, GPUAdapterInfo>();
  for (const wish of wishes) {
    const info = (await gpu.requestAdapter(wish))?.info;
    if (info) found.set(`${info.vendor} ${info.architecture} ${info.device} ${info.description}`, info);
  }
  if (found.size === 0)
    throw new LetheError(
      'There is no WebGPU adapter here: install a Vulkan driver (Mesa has one for the CPU too).',
    );
  return [...found.values()];
}
