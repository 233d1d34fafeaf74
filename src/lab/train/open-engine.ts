import type * as tf from '@tensorflow/tfjs-core';
import { canAllocate, type OpenDeviceOptions, openDevice } from '../gpu/device';
import { readTensor } from '../gpu/read';
import { LetheError } from '../settings';
import { type DeviceData, openDataset } from './device-data';
import type { Engine } from './engine';
import { createLiveModel } from './live-model';

export interface OpenEngineOptions extends OpenDeviceOptions {
  /** False runs every step on the tape instead of capturing and replaying it: slower, same bits. */
  capture?: boolean;
}

/**
 * Opens the device that everything is computed on.
 * @throws LetheError when there is no usable one.
 */
export async function openEngine({ capture = true, ...options }: OpenEngineOptions = {}): Promise<Engine> {
  const device = await openDevice(options);
  let data: DeviceData | undefined;
  const host = {
    data() {
      if (!data) throw new LetheError('There is no data set on the device yet.');
      return data;
    },
    read: async (tensor: tf.Tensor) => (await device.guard(readTensor(tensor))) as Float32Array,
    captures: capture,
    software: device.description.software,
    check: () => device.check(),
  };
  return {
    device: device.description,
    lost: device.lost,
    async useDataset(dataset) {
      data?.dispose();
      data = undefined;
      data = openDataset(device.gpu, dataset);
    },
    holds: async (bytes) => device.description.software || canAllocate(device.gpu, bytes),
    async createModel(spec) {
      return createLiveModel(spec, host);
    },
    dispose() {
      data?.dispose();
      device.dispose();
    },
  };
}
