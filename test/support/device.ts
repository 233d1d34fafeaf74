import { afterAll, beforeAll } from 'vitest';
import { type LabDevice, openDevice } from '../../src/lab/gpu/device';

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
