import { listText } from '../format';
import { LetheError } from '../settings';
import type { Study } from '../study/study';
import type { Shapes } from '../tensors';
import { checkCheckpoint, fitProblem } from './checkpoint';
import { namingSchemes } from './checkpoints/names';
import { type ModelData, models, specOf, specOfConfig } from './models';
import { usualStemWidth } from './resnet';
import type { ModelConfig, ModelSpec, ResNetConfig, VitConfig } from './spec';
import { HEAD_LINEAR, PATCH_LINEAR, vitLayerNames } from './vit';

/** The network that a checkpoint is of. */
export interface InferredModel {
  /** As a study names it: an id where one fits, else a configuration. */
  model: Study['model'];
  /** For a sentence: `a ResNet-8`. */
  label: string;
  /** What shapes alone do not say and was taken for granted, in a sentence. */
  assumed?: string;
}

/**
 * Finds out a checkpoint's network from the names and shapes of its tensors.
 * @param data the data set that it is to be used on
 * @throws LetheError when no known network has such tensors, or it does not fit the data.
 */
export function inferModel(checkpoint: Shapes, data: ModelData): InferredModel {
  for (const { id } of models.entries) {
    const spec = specFor({ id }, data);
    if (spec && !fitProblem(spec, checkpoint)) return { model: { id }, label: `a ${spec.label}` };
  }
  const config = inferConfig(checkpoint, data);
  const spec = specOf({ config }, data);
  checkCheckpoint(spec, checkpoint);
  const assumed =
    config.kind === 'vit'
      ? `Attention is taken to have ${config.heads} heads of ${config.dimHead}, which the shapes do not say.`
      : undefined;
  return { model: { config }, label: describe(config), assumed };
}

function describe(config: ModelConfig): string {
  return config.kind === 'resnet'
    ? `a ResNet of ${config.layers.join('-')} ${config.block} blocks with ${config.widths.join(', ')} channels`
    : `a ViT of depth ${config.depth}, width ${config.dim} and patches of ${config.patch} pixels`;
}

/** Undefined where a named network cannot take such images at all. */
function specFor(model: { id: string }, data: ModelData): ModelSpec | undefined {
  try {
    return specOf(model, data);
  } catch (error) {
    if (error instanceof LetheError) return undefined;
    throw error;
  }
}

/**
 * The configuration that the shapes of a ResNet (torchvision's names) or of the small-data ViT (lucidrains' names) speak of. How a
 * ViT divides its attention into heads they do not say: 64 per head, as published, or else one head.
 * @throws LetheError when it is neither.
 */
function inferConfig(checkpoint: Shapes, data: Pick<ModelData, 'shape'>): ModelConfig {
  const config = checkpoint['conv1.weight']
    ? resnetConfig(checkpoint)
    : checkpoint.pos_embedding && vitConfig(checkpoint, data.shape[2]);
  if (config) return config;
  const some = Object.keys(checkpoint).slice(0, 3).join(', ');
  throw new LetheError(
    `This file is of no network that Lethe knows: it reads ${listText(
      namingSchemes.map(({ listed }) => listed),
      'and',
    )}, but finds ${some || 'no tensors'}.`,
  );
}

/** Lengths of a tensor; empty when it is absent. */
const shapeOf = (checkpoint: Shapes, name: string): number[] => checkpoint[name]?.shape ?? [];

function resnetConfig(checkpoint: Shapes): ResNetConfig | undefined {
  const [, inChannels, kernel] = shapeOf(checkpoint, 'conv1.weight');
  const [classes] = shapeOf(checkpoint, 'fc.weight');
  const names = Object.keys(checkpoint);
  const layers: number[] = [];
  const widths: number[] = [];
  for (let stage = 1; checkpoint[`layer${stage}.0.conv1.weight`]; stage++) {
    const block = new RegExp(`^layer${stage}\\.\\d+\\.conv1\\.weight$`);
    layers.push(names.filter((name) => block.test(name)).length);
    widths.push(shapeOf(checkpoint, `layer${stage}.0.conv1.weight`)[0]!);
  }
  if (!inChannels || !classes || layers.length === 0 || (kernel !== 3 && kernel !== 7)) return undefined;
  return withStemOf(checkpoint, {
    kind: 'resnet',
    stem: kernel === 7 ? 'imagenet' : 'cifar',
    block: checkpoint['layer1.0.conv3.weight'] ? 'bottleneck' : 'basic',
    layers,
    widths,
    inChannels,
    classes,
  });
}

/** The configuration with the checkpoint's width of the stem, where it says none and only that width makes the checkpoint fit. */
export function withStemOf<Config extends ModelConfig>(checkpoint: Shapes, config: Config): Config {
  const [stemWidth] = shapeOf(checkpoint, 'conv1.weight');
  if (config.kind !== 'resnet' || config.stemWidth !== undefined || !stemWidth) return config;
  if (stemWidth === usualStemWidth(config)) return config;
  const own = { ...config, stemWidth };
  return fitProblem(specOfConfig(own), checkpoint) ? config : own;
}

/** The configuration with a stem of the checkpoint's kernel, where the two differ in it and the checkpoint then fits. */
export function withKernelOf(checkpoint: Shapes, config: ModelConfig): ResNetConfig | undefined {
  if (config.kind !== 'resnet') return undefined;
  const kernel = shapeOf(checkpoint, 'conv1.weight')[2];
  const stem = kernel === 7 ? 'imagenet' : kernel === 3 ? 'cifar' : undefined;
  if (!stem || stem === config.stem) return undefined;
  const own = withStemOf(checkpoint, { ...config, stem });
  return fitProblem(specOfConfig(own), checkpoint) ? undefined : own;
}

/** Values of a shifted patch are 5 · channels · patch². */
const COPIES = 5;
const PUBLISHED_HEAD = 64;

function vitConfig(checkpoint: Shapes, channels: number): VitConfig | undefined {
  const [, tokens, dim] = shapeOf(checkpoint, 'pos_embedding');
  const [, patchValues] = shapeOf(checkpoint, `${PATCH_LINEAR}.weight`);
  const [classes] = shapeOf(checkpoint, `${HEAD_LINEAR}.weight`);
  const first = vitLayerNames(0);
  const [attention] = shapeOf(checkpoint, `${first.qkv}.weight`);
  const [mlpDim] = shapeOf(checkpoint, `${first.expand}.weight`);
  if (!tokens || !dim || !patchValues || !classes || !attention || !mlpDim) return undefined;
  let depth = 1;
  while (checkpoint[`${vitLayerNames(depth).qkv}.weight`]) depth++;
  const patch = Math.round(Math.sqrt(patchValues / (COPIES * channels)));
  const inner = attention / 3;
  const dimHead = inner % PUBLISHED_HEAD === 0 ? PUBLISHED_HEAD : inner;
  const image = Math.round(Math.sqrt(tokens - 1)) * patch;
  if (image === 0 || !Number.isInteger(inner)) return undefined;
  return {
    kind: 'vit',
    image,
    patch,
    dim,
    depth,
    heads: inner / dimHead,
    dimHead,
    mlpDim,
    classes,
    channels,
  };
}
