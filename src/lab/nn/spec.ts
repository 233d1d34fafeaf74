/** What a network is, as plain data: used by the page and the localizers without any TF.js. */

/** The generic configuration that ids, JSON files and golden cases all reduce to. */
export type ModelConfig = ResNetConfig | VitConfig;

export interface ResNetConfig {
  kind: 'resnet';
  stem: 'cifar' | 'imagenet';
  block: 'basic' | 'bottleneck';
  /** Blocks per stage; stage i has width `widths[i]`. */
  layers: number[];
  widths: number[];
  /** Channels of the stem; absent: 64 for the ImageNet stem, as in torchvision, else those of the first stage. */
  stemWidth?: number;
  inChannels: number;
  classes: number;
}

export interface VitConfig {
  kind: 'vit';
  /** Side of the square image, in pixels. */
  image: number;
  patch: number;
  dim: number;
  depth: number;
  heads: number;
  dimHead: number;
  mlpDim: number;
  classes: number;
  channels: number;
}

/** How a fresh parameter is drawn (METHOD section 2, initial distributions). */
export type Initializer =
  | { kind: 'normal'; std: number }
  | { kind: 'uniform'; bound: number }
  | { kind: 'constant'; value: number };

export interface ParameterSpec {
  /** PyTorch name. */
  name: string;
  /** PyTorch shape: conv `[out, in, kh, kw]`, linear `[out, in]`, norms and biases `[n]`. */
  shape: number[];
  kind: 'conv' | 'linear' | 'norm' | 'bias' | 'embedding' | 'scalar';
  initializer: Initializer;
}

/** A layer as the map draws it and `deepest`/`shallowest` walk it: a weighted tensor first, then its BN or bias tensors. */
export interface LayerSpec {
  /** Module name without `.weight`: `layer1.0.conv1`, `fc`. */
  name: string;
  /** Parameter names, in the order in which one output channel's entries are walked. */
  parameters: string[];
}

export interface ModelSpec {
  /** `resnet8` etc., or `custom` for a configuration from a file. */
  id: string;
  label: string;
  config: ModelConfig;
  /** In PyTorch's `named_parameters()` order: the order of flat vectors and of tie-breaks. */
  parameters: ParameterSpec[];
  /** BatchNorm running statistics (PyTorch names), with their initial value. */
  buffers: { name: string; shape: number[]; initial: number }[];
  /** Forward order. */
  layers: LayerSpec[];
  /** Names of the classifier head's parameters (`fc.weight`, `fc.bias`). */
  head: string[];
  /** Number of trainable scalars, p. */
  size: number;
}
