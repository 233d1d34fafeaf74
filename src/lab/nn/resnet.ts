import { finishSpec, layer, linearParameters, normParameters, uniformFanIn } from './build';
import type { Initializer, LayerSpec, ModelSpec, ParameterSpec, ResNetConfig } from './spec';

/** One convolution and the BatchNorm behind it. */
export interface ConvNorm {
  /** Module names: `layer1.0.conv1`, `layer1.0.bn1`. */
  conv: string;
  norm: string;
  inputs: number;
  outputs: number;
  kernel: number;
  stride: number;
  pad: number;
}

export interface ResNetBlock {
  /** Module name: `layer1.0`. */
  name: string;
  /** In forward order; ReLU follows each but the last, whose output the shortcut is added to before the ReLU. */
  body: ConvNorm[];
  /** 1×1 projection; absent where the shortcut is the identity. */
  shortcut?: ConvNorm;
}

/** The structure that the specification and the forward pass are both read off. */
export interface ResNetPlan {
  stem: ConvNorm;
  /** Max-pool 3×3, stride 2, padding 1 behind the stem. */
  pool: boolean;
  blocks: ResNetBlock[];
  features: number;
}

/** Channels of the stem where a configuration does not say. */
export function usualStemWidth({ stem, widths }: Pick<ResNetConfig, 'stem' | 'widths'>): number {
  return stem === 'imagenet' ? 64 : widths[0]!;
}

/** torchvision's ResNet (basic and bottleneck, stride on the 3×3), with the 3×3 CIFAR stem or the 7×7 ImageNet one. */
export function planResNet(config: ResNetConfig): ResNetPlan {
  const imagenet = config.stem === 'imagenet';
  let channels = config.stemWidth ?? usualStemWidth(config);
  const stem: ConvNorm = {
    conv: 'conv1',
    norm: 'bn1',
    inputs: config.inChannels,
    outputs: channels,
    ...(imagenet ? { kernel: 7, stride: 2, pad: 3 } : { kernel: 3, stride: 1, pad: 1 }),
  };
  const blocks: ResNetBlock[] = [];
  config.layers.forEach((count, stage) => {
    const width = config.widths[stage]!;
    for (let index = 0; index < count; index++) {
      const block = planBlock(
        config,
        `layer${stage + 1}.${index}`,
        channels,
        width,
        stage > 0 && index === 0,
      );
      blocks.push(block);
      channels = block.body.at(-1)!.outputs;
    }
  });
  return { stem, pool: imagenet, blocks, features: channels };
}

function planBlock(
  config: ResNetConfig,
  name: string,
  inputs: number,
  width: number,
  down: boolean,
): ResNetBlock {
  const stride = down ? 2 : 1;
  // [outputs, kernel, stride] of each convolution.
  const shapes: [number, number, number][] =
    config.block === 'basic'
      ? [
          [width, 3, stride],
          [width, 3, 1],
        ]
      : [
          [width, 1, 1],
          [width, 3, stride],
          [4 * width, 1, 1],
        ];
  let channels = inputs;
  const body = shapes.map(([outputs, kernel, step], at): ConvNorm => {
    const names = { conv: `${name}.conv${at + 1}`, norm: `${name}.bn${at + 1}` };
    const planned = { ...names, inputs: channels, outputs, kernel, stride: step, pad: (kernel - 1) / 2 };
    channels = outputs;
    return planned;
  });
  if (!down && inputs === channels) return { name, body };
  const names = { conv: `${name}.downsample.0`, norm: `${name}.downsample.1` };
  return { name, body, shortcut: { ...names, inputs, outputs: channels, kernel: 1, stride, pad: 0 } };
}

/**
 * The specification of a ResNet, as PyTorch names and orders it. Initial distributions: METHOD section 2 (torchvision's
 * N(0, 2/(k²·C_out)); the replaced CIFAR stem keeps PyTorch's default).
 */
export function resnetSpec(config: ResNetConfig): ModelSpec {
  const plan = planResNet(config);
  const parameters: ParameterSpec[] = [];
  const buffers: ModelSpec['buffers'] = [];
  const layers: LayerSpec[] = [];
  const add = (part: ConvNorm, initializer: Initializer) => {
    const shape = [part.outputs, part.inputs, part.kernel, part.kernel];
    const own: ParameterSpec[] = [
      { name: `${part.conv}.weight`, shape, kind: 'conv', initializer },
      ...normParameters(part.norm, part.outputs),
    ];
    parameters.push(...own);
    layers.push(layer(part.conv, own));
    buffers.push(
      { name: `${part.norm}.running_mean`, shape: [part.outputs], initial: 0 },
      { name: `${part.norm}.running_var`, shape: [part.outputs], initial: 1 },
    );
  };
  const fanOut = ({ kernel, outputs }: ConvNorm): Initializer => ({
    kind: 'normal',
    std: Math.sqrt(2 / (kernel * kernel * outputs)),
  });
  const { stem } = plan;
  add(stem, config.stem === 'cifar' ? uniformFanIn(stem.inputs * stem.kernel ** 2) : fanOut(stem));
  for (const block of plan.blocks) {
    for (const part of block.body) add(part, fanOut(part));
    if (block.shortcut) add(block.shortcut, fanOut(block.shortcut));
  }
  const head = linearParameters('fc', config.classes, plan.features);
  layers.push(layer('fc', head));
  return finishSpec(
    config,
    [...parameters, ...head],
    buffers,
    layers,
    head.map(({ name }) => name),
  );
}
