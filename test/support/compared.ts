import type { ComparisonRequest } from '../../src/lab/compare/open-comparison';
import { activationLayers } from '../../src/lab/nn/activation-layers';
import { specOfConfig } from '../../src/lab/nn/models';
import type { Checkpoint } from '../../src/lab/tensors';
import type { LiveModel } from '../../src/lab/train/engine';
import { hostDistances } from './host-distances';
import { tinyResNet } from './tiny-network';

type Side = 'a' | 'b';
type Split = 'train' | 'test';

/** Two models that say what a test makes them say. */
export interface Told {
  /** Labels of the training and the test images. */
  labels: Record<Split, number[]>;
  forget: number[];
  retain: number[];
  classes: number;
  /** Of the features; absent: 2. */
  width?: number;
  /** Logits of an image, one per class. */
  logits?: (side: Side, split: Split, index: number) => number[];
  /** One layer's averaged activations of an image. */
  means?: (side: Side, split: Split, index: number, layer: string, width: number) => number[];
  train?: (side: Side, request: Parameters<LiveModel['train']>[0]) => ReturnType<LiveModel['train']>;
}

/** Asked of the device, in order: `load a`, `outputs train`. */
export interface Compared extends ComparisonRequest {
  asked: string[];
}

const weightsOf = (side: Side): Checkpoint => ({ [side]: { shape: [0], data: new Float32Array() } });

/** A request for `openComparison` without a device. */
export function compared(told: Told): Compared {
  const asked: string[] = [];
  const spec = specOfConfig({ ...tinyResNet(told.classes), widths: [told.width ?? 2] });
  let side: Side = 'a';
  const unused = () => Promise.reject(new Error('This model is not asked that.'));
  const model: LiveModel = {
    spec,
    async load(weights) {
      side = 'a' in weights ? 'a' : 'b';
      asked.push(`load ${side}`);
    },
    async outputs(split, indices, control) {
      asked.push(`outputs ${split}`);
      const rows = Array.from(indices, (index) => told.logits!(side, split, index));
      const count = indices.length;
      await control?.tick({ done: count, total: count, counted: 'images', examples: count });
      return Float32Array.from(rows.flat());
    },
    async layerMeans(split, indices, layers, receive) {
      const wanted = activationLayers(spec.config).filter(({ name }) => layers.includes(name));
      // Image by image, as a device may do it.
      indices.forEach((index, at) => {
        const row = wanted.flatMap(({ name, width }) => told.means!(side, split, index, name, width));
        receive(at, Float32Array.from(row));
      });
    },
    train: (request) => told.train!(side, request),
    nearestDistances: async (points, references, width) => hostDistances(points, references, width),
    grams: unused,
    gradient: unused,
    snapshot: unused,
    largest: unused,
    exampleGradients: unused,
    dispose() {},
  };
  const split = (labels: number[]) => ({
    images: new Uint8Array(labels.length),
    labels: Int32Array.from(labels),
    count: labels.length,
  });
  return {
    asked,
    model,
    dataset: {
      id: 'told',
      classes: Array.from({ length: told.classes }, (_, label) => `${label}`),
      shape: [1, 1, 1],
      train: split(told.labels.train),
      test: split(told.labels.test),
    },
    a: weightsOf('a'),
    b: weightsOf('b'),
    forget: Int32Array.from(told.forget),
    retain: Int32Array.from(told.retain),
    seed: 0,
    control: () => ({ tick: async () => {} }),
  };
}
