import { afterAll, beforeAll } from 'vitest';
import { type LabDevice, openDevice } from '../../src/lab/gpu/device';
import type { ProductVariant } from '../../src/lab/gpu/products';

/** A device for the tests of a file or of a `describe`; after them it must not have reported an error. */
export function deviceForTests(options?: Parameters<typeof openDevice>[0]): () => LabDevice {
  let device: LabDevice;
  beforeAll(async () => {
    device = await openDevice(options);
  });
  afterAll(() => {
    device.check();
    device.dispose();
  });
  return () => device;
}

/** The products that the adapter can compute: one without subgroups of a fixed size has the other two, and says so (device.gpu.test.ts). */
export async function productVariants(): Promise<ProductVariant[]> {
  const adapter = await navigator.gpu.requestAdapter();
  const { features, info } = adapter!;
  const fixed = features.has('subgroups') && info.subgroupMinSize === info.subgroupMaxSize;
  return fixed ? ['subgroup', 'register', 'tiled'] : ['register', 'tiled'];
}
