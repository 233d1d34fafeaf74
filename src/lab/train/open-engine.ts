import { type OpenDeviceOptions, openDevice } from '../gpu/device';
import { LetheError } from '../settings';
import { type DeviceData, uploadDataset } from './device-data';
import type { Engine } from './engine';
import { createLiveModel } from './live-model';

/**
 * Opens the device that everything is computed on.
 * @throws LetheError when there is no usable one.
 */
export async function openEngine(options?: OpenDeviceOptions): Promise<Engine> {
  const device = await openDevice(options);
  let data: DeviceData | undefined;
  const host = {
    data() {
      if (!data) throw new LetheError('There is no data set on the device yet.');
      return data;
    },
    read: async (tensor: { data(): Promise<unknown> }) => (await device.guard(tensor.data())) as Float32Array,
    check: () => device.check(),
  };
  return {
    device: device.description,
    lost: device.lost,
    async useDataset(dataset) {
      data?.dispose();
      data = uploadDataset(device.gpu, dataset);
    },
    async createModel(spec) {
      return createLiveModel(spec, host);
    },
    dispose() {
      data?.dispose();
      device.dispose();
    },
  };
}
