import { type DeviceBatch, type DeviceImages, type HostBatch, releaseBatch } from '../gpu/dataset';

/** Batches on the device: one place per use and length, filled anew for each batch. */
export interface BatchBuffers {
  /** @param use batches that are needed at the same time, or come from different images, must differ in it. */
  put(use: string, images: DeviceImages, batch: HostBatch): DeviceBatch;
  dispose(): void;
}

export function createBatchBuffers(): BatchBuffers {
  const places = new Map<string, DeviceBatch>();
  return {
    put(use, images, batch) {
      const key = `${use}:${batch.indices.length}`;
      const placed = images.put(batch, places.get(key));
      places.set(key, placed);
      return placed;
    },
    dispose() {
      for (const place of places.values()) releaseBatch(place);
      places.clear();
    },
  };
}
