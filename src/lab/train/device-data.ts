import type { Dataset, Split } from '../data/dataset';
import { type DeviceImages, streamImages, uploadImages } from '../gpu/dataset';
import { LetheError } from '../settings';

/** A data set on the device. */
export interface DeviceData {
  /** height, width, channels that a network sees. */
  readonly shape: readonly [number, number, number];
  readonly train: DeviceImages;
  readonly test: DeviceImages;
  dispose(): void;
}

/** Brings both splits to the device as uint8: at once, or batch by batch those that are too large for memory. */
export function openDataset(gpu: GPUDevice, { shape, train, test, normalise, augment }: Dataset): DeviceData {
  const open = ({ images, labels }: Split) =>
    images instanceof Uint8Array
      ? uploadImages(gpu, images, labels, shape, { normalise, augment })
      : streamImages(gpu, (indices) => images.read(indices), labels, shape, { normalise, augment });
  const splits = { train: open(train), test: open(test) };
  return {
    shape: splits.train.shape,
    ...splits,
    dispose() {
      splits.train.dispose();
      splits.test.dispose();
    },
  };
}

/**
 * Checks indices before they go to the device, where a wrong one would silently read nothing.
 * @throws LetheError naming the first index outside, or an empty batch.
 */
export function checkIndices(indices: Int32Array, { count }: DeviceImages): void {
  if (indices.length === 0) throw new LetheError('A batch needs at least one image.');
  const outside = indices.find((index) => index < 0 || index >= count);
  if (outside !== undefined) throw new LetheError(`There is no image ${outside}: the set has ${count}.`);
}
