import type { Dataset, Split } from '../../src/lab/data/dataset';
import { randomStream } from '../../src/lab/rng';
import { sizeOf } from '../../src/lab/tensors';

/** A data set of noise with labels of three classes drawn at random: so many images to train on and to test on. */
export function noiseData(count: number, shape: Dataset['shape']): Dataset {
  const split = (seed: number): Split => {
    const stream = randomStream(seed, 'images');
    return {
      images: Uint8Array.from({ length: count * sizeOf([...shape]) }, () => stream.below(256)),
      labels: Int32Array.from({ length: count }, () => stream.below(3)),
      count,
    };
  };
  return { id: 'noise', classes: ['a', 'b', 'c'], shape, train: split(1), test: split(2) };
}
