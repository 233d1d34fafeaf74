import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { alignment } from '../../../src/lab/compare/cka';
import { uploadImages } from '../../../src/lab/gpu/dataset';
import { readTensor } from '../../../src/lab/gpu/read';
import { activationLayers } from '../../../src/lab/nn/activation-layers';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelConfig } from '../../../src/lab/nn/spec';
import { activationGrams, activationMeans } from '../../../src/lab/train/activations';
import { createNetwork } from '../../../src/lab/train/network';
import { deviceForTests } from '../../support/device';
import { expectClose } from '../../support/reference';

const device = deviceForTests();
const COUNT = 22;

const CONFIGS: ModelConfig[] = [
  {
    kind: 'resnet',
    stem: 'imagenet',
    block: 'bottleneck',
    layers: [1, 1],
    widths: [4, 6],
    inChannels: 3,
    classes: 5,
  },
  {
    kind: 'vit',
    image: 16,
    patch: 8,
    dim: 12,
    depth: 2,
    heads: 2,
    dimHead: 6,
    mlpDim: 20,
    classes: 5,
    channels: 3,
  },
];

const read = async (tensor: tf.Tensor) => (await readTensor(tensor)) as Float32Array;

async function withNetwork(
  config: ModelConfig,
  use: (request: Parameters<typeof activationGrams>[0]) => Promise<void>,
) {
  const spec = specOfConfig(config);
  const network = createNetwork(spec, read);
  network.load(initialise(spec, 3));
  const pixels = Uint8Array.from({ length: COUNT * 16 * 16 * 3 }, (_, i) => (i * 7919 + (i >> 5) * 31) % 251);
  const images = uploadImages(device().gpu, pixels, new Int32Array(COUNT), [16, 16, 3]);
  const indices = Int32Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i);
  try {
    await use({ network, images, indices, batch: 8, read, check: () => device().check() });
  } finally {
    images.dispose();
    network.dispose();
  }
}

test.each(CONFIGS)(
  'activations of a $kind: Gram matrices from blocks are those of the whole, of every layer',
  (config) =>
    withNetwork(config, async (request) => {
      const layers = activationLayers(config);
      const before = tf.memory().numTensors;
      const whole = await activationGrams(request);
      let forwards = 0;
      // One batch of each is held at a time, and the others pass by.
      const blocks = await activationGrams({
        ...request,
        heldBytes: 1,
        control: {
          tick: async ({ done }) => {
            forwards = done;
          },
        },
      });
      expect(tf.memory().numTensors).toBe(before);
      expect(blocks).toEqual(whole);
      // Batches of 8, 8 and 6, filled up as two of 8 and three of 2: 22 images, then those of all but the first batch, and so on.
      expect(forwards).toBeGreaterThan(COUNT);
      expect(whole.length).toBe(layers.length);
      for (const gram of whole) expect(alignment(gram, gram, COUNT)).toBeCloseTo(1, 12);
      // A layer of averages is its own activation: K is made of its rows.
      const { images, indices, network } = request;
      const placed = images.put(await images.fetch(indices));
      const names = layers.map(({ name }) => name);
      const means = tf.tidy(() => activationMeans(network, images.gather(placed).images, names));
      const width = layers.reduce((sum, layer) => sum + layer.width, 0);
      expect(means.shape).toEqual([COUNT, width]);
      const rows = await read(means);
      const classes = layers.at(-1)!.width;
      const expected = whole.at(-1)!.map((_, at) => {
        let sum = 0;
        for (let k = 1; k <= classes; k++)
          sum += rows[(Math.floor(at / COUNT) + 1) * width - k]! * rows[((at % COUNT) + 1) * width - k]!;
        return sum;
      });
      expectClose('logits', whole.at(-1)!, expected);
      tf.dispose([means, placed.indices]);
    }),
);
