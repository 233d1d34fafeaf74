import type { DeviceDescription } from '../study/result';

/** The adapter's name for people; a software rasteriser is named as one. */
export function describeAdapter(
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
    isFallbackAdapter?: boolean;
  },
): DeviceDescription {
  const { vendor, architecture } = info;
  const everything = `${vendor} ${architecture} ${info.device} ${info.description}`;
  const rasteriser = /llvmpipe/i.test(everything)
    ? 'llvmpipe'
    : /swiftshader/i.test(everything)
      ? 'SwiftShader'
      : /basic render|\bwarp\b/i.test(everything)
        ? 'WARP'
        : undefined;
  const software = rasteriser !== undefined || info.isFallbackAdapter === true;
  // Browsers often withhold the device's name; Dawn in Node gives it as a slug.
  const name =
    rasteriser ?? (info.device.replaceAll('-', ' ').trim() || `${vendor} ${architecture}`.trim() || 'WebGPU');
  return { label: software ? `${name} (CPU)` : name, vendor, architecture, software, backend: 'webgpu' };
}
