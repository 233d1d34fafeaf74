import type { GpuSupport } from '../state/ui-slice';
import { isSandboxed } from './open-worker';

/** How to get WebGPU, by browser. @param agent `navigator.userAgent` */
function webgpuRemedy(agent: string): string {
  if (/iPhone|iPad/.test(agent)) return 'Update to iOS or iPadOS 26, where Safari has WebGPU.';
  if (/Firefox/.test(agent))
    return 'Firefox has WebGPU on Windows (141 and later) and on Macs with Apple silicon (145 and later); elsewhere set dom.webgpu.enabled in about:config, and gfx.webgpu.ignore-blocklist where it finds no adapter, or use Chrome or Edge.';
  if (/Edg\/|Chrome|Chromium/.test(agent))
    return 'Turn on “Use graphics acceleration when available” in the browser’s settings under System and restart it; on Linux also enable chrome://flags/#enable-unsafe-webgpu and #enable-vulkan.';
  if (/Safari/.test(agent)) return 'Update to Safari 26, or use Chrome or Edge.';
  return 'Use a current Chrome, Edge, Firefox or Safari.';
}

/** Asks for an adapter; never throws. */
export async function detectWebgpu(): Promise<GpuSupport> {
  const missing = (reason: string): GpuSupport => ({
    available: false,
    label: 'No WebGPU: how to get it',
    reason,
    remedy: webgpuRemedy(navigator.userAgent),
  });
  if (isSandboxed())
    return {
      available: false,
      label: 'Nothing runs here: why',
      reason: 'This page stands in a sandboxed frame, which may start no workers, and they do the computing.',
      remedy: 'Open it in a tab of its own; what is recorded, and results from files, can be looked at here.',
    };
  if (!isSecureContext)
    return {
      ...missing('WebGPU works only on pages that are served over https or from localhost.'),
      remedy: 'Open this page over https.',
    };
  if (!navigator.gpu) return missing('This browser has no WebGPU.');
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (!adapter) return missing('This browser has WebGPU but found no graphics adapter it may use.');
  const { vendor, architecture } = adapter.info;
  const name = [vendor, architecture].filter(Boolean).join(' ');
  return { available: true, label: name ? `WebGPU · ${name}` : 'WebGPU' };
}
