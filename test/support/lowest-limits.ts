/** What every WebGPU device allows: the standard's limits, of those that Lethe raises where an adapter has more. */
export const LOWEST_LIMITS = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBuffersPerShaderStage: 8,
};

/**
 * The machine's own adapter, which claims and gives no more than every WebGPU device must: the lowest limits, and no optional
 * feature. The driver's checks hold a kernel to them, since its devices have no more.
 */
export function lowestLimits(gpu: GPU): GPU {
  const lowest = (adapter: GPUAdapter) =>
    ({
      features: new Set<string>(),
      limits: LOWEST_LIMITS,
      info: adapter.info,
      async requestDevice({ requiredFeatures = [], requiredLimits = {} }: GPUDeviceDescriptor = {}) {
        if ([...requiredFeatures].length > 0)
          throw new TypeError(`This adapter has no ${[...requiredFeatures].join(', ')}.`);
        for (const [name, value] of Object.entries(requiredLimits))
          if (value! > LOWEST_LIMITS[name as keyof typeof LOWEST_LIMITS])
            throw new DOMException(`This adapter has not ${value} of ${name}.`, 'OperationError');
        return adapter.requestDevice();
      },
    }) as unknown as GPUAdapter;
  return {
    requestAdapter: async (options) => {
      const adapter = await gpu.requestAdapter(options);
      return adapter && lowest(adapter);
    },
  } as GPU;
}
