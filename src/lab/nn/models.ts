import { type Entry, LetheError, Registry } from '../settings';
import { parseModelConfig } from './config';
import { resnetSpec } from './resnet';
import type { ModelConfig, ModelSpec } from './spec';
import { vitSpec } from './vit';

/** What a network must know of its data set. */
export interface ModelData {
  /** height, width, channels. */
  shape: readonly [number, number, number];
  /** Images are cropped to a square of this side before the network sees them. */
  augment?: { size: number };
  /** Class names. */
  classes: readonly string[];
}

/** The data as the network sees them. */
function cropped({ shape, augment, classes }: ModelData): ModelData {
  return { shape: augment ? [augment.size, augment.size, shape[2]] : shape, classes };
}

export interface ModelEntry extends Entry {
  /** The configuration for a data set. @throws LetheError when the images do not fit. */
  configure(data: ModelData): ModelConfig;
}

const HE_2016 = 'He et al., Deep Residual Learning for Image Recognition, CVPR 2016';

export const models = new Registry<ModelEntry>('model', [
  {
    id: 'resnet8',
    label: 'ResNet-8',
    explanation:
      'A small residual network, three blocks of 16, 32 and 64 channels, that trains in a browser on a laptop.',
    reference: `${HE_2016}; size: ours`,
    settings: [],
    configure: residual('cifar', 'basic', [1, 1, 1], [16, 32, 64]),
  },
  {
    id: 'resnet18',
    label: 'ResNet-18',
    explanation: 'The 11-million-parameter residual network of the CIFAR-10 experiments, with a 3×3 stem.',
    reference: `${HE_2016}; METHOD section 3`,
    settings: [],
    configure: residual('cifar', 'basic', [2, 2, 2, 2], [64, 128, 256, 512]),
  },
  {
    id: 'resnet50',
    label: 'ResNet-50',
    explanation: 'The 24-million-parameter bottleneck network of the ImageNet-100 experiments.',
    reference: `${HE_2016}; METHOD section 3`,
    settings: [],
    configure: residual('imagenet', 'bottleneck', [3, 4, 6, 3], [64, 128, 256, 512]),
  },
  {
    id: 'vit-small',
    label: 'ViT for small data',
    explanation:
      'A vision transformer with shifted patches and locality self-attention, for the SVHN experiments.',
    reference: 'Lee et al., Vision Transformer for Small-Size Datasets, 2021; METHOD section 3',
    settings: [],
    configure: ({ shape: [height, width, channels], classes }) => {
      const patch = 8;
      if (height !== width || height % patch !== 0)
        throw new LetheError(
          `vit-small needs square images whose side is a multiple of ${patch}, but these are ${height}×${width}.`,
        );
      return {
        kind: 'vit',
        image: height,
        patch,
        dim: 512,
        depth: 4,
        heads: 8,
        dimHead: 64,
        mlpDim: 1536,
        classes: classes.length,
        channels,
      };
    },
  },
]);

function residual(
  stem: 'cifar' | 'imagenet',
  block: 'basic' | 'bottleneck',
  layers: number[],
  widths: number[],
): ModelEntry['configure'] {
  return ({ shape, classes }) => ({
    kind: 'resnet',
    stem,
    block,
    layers,
    widths,
    inChannels: shape[2],
    classes: classes.length,
  });
}

/** 4 GB of float32: the largest array that all platforms allow. */
const MOST_PARAMETERS = 2 ** 30;

/** The specification of any configuration; its id is `custom`. @throws LetheError when it has too many parameters. */
export function specOfConfig(config: ModelConfig): ModelSpec {
  const spec = config.kind === 'resnet' ? resnetSpec(config) : vitSpec(config);
  if (spec.size > MOST_PARAMETERS)
    throw new LetheError(
      `The network would have ${spec.size.toLocaleString('en-US')} parameters; at most ${MOST_PARAMETERS.toLocaleString('en-US')} can be held.`,
    );
  return spec;
}

/**
 * The network that a study names, sized for its data set.
 * @throws LetheError for an unknown id, an unusable configuration, or one that does not fit the data.
 */
export function specOf(model: { id: string } | { config: ModelConfig }, stored: ModelData): ModelSpec {
  const data = cropped(stored);
  if ('id' in model) {
    const entry = models.get(model.id);
    return { ...specOfConfig(entry.configure(data)), id: entry.id, label: entry.label };
  }
  const config = parseModelConfig(model.config);
  const [height, width, channels] = data.shape;
  const wanted = config.kind === 'resnet' ? config.inChannels : config.channels;
  if (wanted !== channels)
    throw new LetheError(`The network takes ${wanted} colour channels, but the images have ${channels}.`);
  if (config.kind === 'vit' && (config.image !== height || config.image !== width))
    throw new LetheError(`The network takes ${config.image}×${config.image} images, not ${height}×${width}.`);
  if (config.classes < data.classes.length)
    throw new LetheError(
      `The network has ${config.classes} outputs, but the data set has ${data.classes.length} classes.`,
    );
  return specOfConfig(config);
}
