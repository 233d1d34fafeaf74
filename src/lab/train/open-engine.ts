import type * as tf from '@tensorflow/tfjs-core';
import { canAllocate, type OpenDeviceOptions, openDevice } from '../gpu/device';
import { readTensor } from '../gpu/read';
import { LetheError } from '../settings';
import type { ArtifactStore } from '../store/store';
import { type DeviceData, openDataset } from './device-data';
import type { Engine } from './engine';
import type { TilingPolicy } from './kept-tilings';
import { createLiveModel } from './live-model';
import { createTuning } from './tuning';

export interface OpenEngineOptions extends OpenDeviceOptions {
  /** False runs every step on the tape instead of capturing and replaying it: slower, same bits. */
  capture?: boolean;
  /** By which tilings products are computed. Default: those of the GPU's trial, which is made where there was none yet. */
  tilings?: TilingPolicy;
  /** Where a GPU's choice is kept; absent: it is tried by every engine. */
  tilingStore?: ArtifactStore;
}

/**
 * Opens the device that everything is computed on.
 * @throws LetheError when there is no usable one.
 */
export async function openEngine({
  capture = true,
  tilings = 'auto',
  tilingStore,
  ...options
}: OpenEngineOptions = {}): Promise<Engine> {
  // Only the tiled products have tilings: whoever asks for some on a CPU gets these, which are slower there.
  const asked = tilings !== 'auto' && tilings !== 'default';
  const device = await openDevice({ ...(asked && { products: 'tiled' }), ...options });
  const tuning = createTuning(device, tilings, tilingStore);
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
    get device() {
      const chosen = tuning.chosen();
      return { ...device.description, ...(chosen && { tilings: chosen }) };
    },
    tune: tuning.tune,
    lost: device.lost,
    failed: device.failed,
    async useDataset(dataset) {
      data?.dispose();
      data = undefined;
      data = openDataset(device.gpu, dataset);
    },
    holds: async (bytes) => device.description.software || canAllocate(device.gpu, bytes),
    async createModel(spec, options) {
      return createLiveModel(spec, host, options);
    },
    dispose() {
      data?.dispose();
      device.dispose();
    },
  };
}
