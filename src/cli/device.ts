import { LetheError } from '../lab/settings';
import type { Engine } from '../lab/train/engine';
import type { OpenEngineOptions } from '../lab/train/open-engine';
import { provideWebGpu } from './web-gpu';

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
