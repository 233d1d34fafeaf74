import { type Array as JaxArray, lax, nn, numpy as np } from '@jax-js/jax';
import { type ConvNorm, planResNet } from '../src/lab/nn/resnet';
import type { ModelConfig, ResNetConfig, VitConfig } from '../src/lab/nn/spec';
import {
  HEAD_LINEAR,
  HEAD_NORM,
  PATCH_LINEAR,
  PATCH_NORM,
  patchLength,
  vitLayerNames,
} from '../src/lab/nn/vit';

/** By PyTorch name and in PyTorch's layout. */
export type Tensors = Record<string, JaxArray>;

/**
 * `forward` of `src/lab/nn` in jax-js's operations, for training. Every array is used up by the function that takes it, unless it
 * is passed as `.ref`.
 * @param images NCHW.
 * @returns logits `[n, classes]`, and the running statistics after this batch.
 */
export function jaxForward(
  config: ModelConfig,
  parameters: Tensors,
  statistics: Tensors,
  images: JaxArray,
): { logits: JaxArray; moved: Tensors } {
  return config.kind === 'resnet'
    ? resnet(config, parameters, statistics, images)
    : { logits: vit(config, parameters, images), moved: {} };
}

const EPSILON = 1e-5;

function resnet(
  config: ResNetConfig,
  parameters: Tensors,
  statistics: Tensors,
  images: JaxArray,
): { logits: JaxArray; moved: Tensors } {
  const moved: Tensors = {};
  const convNorm = (x: JaxArray, { conv, norm, stride, pad, outputs }: ConvNorm): JaxArray => {
    const padding: [number, number] = [pad, pad];
    const y = lax.convGeneralDilated(x, parameters[`${conv}.weight`]!, [stride, stride], [padding, padding]);
    const mean = y.ref.mean([0, 2, 3], { keepdims: true });
    const centred = y.sub(mean.ref);
    const variance = np.square(centred.ref).mean([0, 2, 3], { keepdims: true });
    const [count, , height, width] = centred.shape as [number, number, number, number];
    const samples = count * height * width;
    const move = (name: string, value: JaxArray) => {
      moved[name] = statistics[name]!.mul(0.9).add(lax.stopGradient(value).reshape([outputs]).mul(0.1));
    };
    move(`${norm}.running_mean`, mean);
    move(`${norm}.running_var`, variance.ref.mul(samples / (samples - 1)));
    const affine = (name: string) => parameters[`${norm}.${name}`]!.reshape([1, outputs, 1, 1]);
    return centred.mul(affine('weight').div(np.sqrt(variance.add(EPSILON)))).add(affine('bias'));
  };
  const plan = planResNet(config);
  let x = nn.relu(convNorm(images, plan.stem));
  for (const { body, shortcut } of plan.blocks) {
    const residual = shortcut ? convNorm(x.ref, shortcut) : x.ref;
    for (const part of body) {
      const y = convNorm(x, part);
      x = nn.relu(part === body.at(-1) ? y.add(residual) : y);
    }
  }
  return { logits: linear(parameters, 'fc', x.mean([2, 3])), moved };
}

function linear(parameters: Tensors, name: string, x: JaxArray): JaxArray {
  const product = np.matmul(x, parameters[`${name}.weight`]!.transpose());
  const bias = parameters[`${name}.bias`];
  return bias ? product.add(bias) : product;
}

function layerNorm(parameters: Tensors, name: string, x: JaxArray): JaxArray {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }));
  const variance = np.square(centred.ref).mean(-1, { keepdims: true });
  const normal = centred.div(np.sqrt(variance.add(EPSILON)));
  return normal.mul(parameters[`${name}.weight`]!).add(parameters[`${name}.bias`]!);
}

function vit(config: VitConfig, parameters: Tensors, images: JaxArray): JaxArray {
  const { dim, depth } = config;
  const count = images.shape[0]!;
  const patches = layerNorm(parameters, PATCH_NORM, shiftedPatches(config, images));
  const tokens = linear(parameters, PATCH_LINEAR, patches);
  const classToken = np.broadcastTo(parameters.cls_token!, [count, 1, dim]);
  let x = np.concatenate([classToken, tokens], 1).add(parameters.pos_embedding!);
  for (let index = 0; index < depth; index++) {
    const names = vitLayerNames(index);
    const qkv = linear(parameters, names.qkv, layerNorm(parameters, names.norm, x.ref));
    x = x.add(linear(parameters, names.out, attention(config, qkv, parameters[names.temperature]!)));
    const expanded = linear(parameters, names.expand, layerNorm(parameters, names.mlpNorm, x.ref));
    x = x.add(linear(parameters, names.contract, nn.gelu(expanded, { approximate: false })));
  }
  return linear(parameters, HEAD_LINEAR, layerNorm(parameters, HEAD_NORM, x.slice([], 0)));
}

/** @param qkv `[n, tokens, 3 × heads × dimHead]` */
function attention({ heads, dimHead }: VitConfig, qkv: JaxArray, temperature: JaxArray): JaxArray {
  const [count, tokens] = qkv.shape as [number, number, number];
  const parts = qkv.reshape([count, tokens, 3, heads, dimHead]).transpose([2, 0, 3, 1, 4]);
  const q = parts.ref.slice(0);
  const k = parts.ref.slice(1);
  const v = parts.slice(2);
  const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(np.exp(temperature.reshape([])));
  const masked = scores.sub(np.eye(tokens).mul(1e9));
  const mixed = np.matmul(nn.softmax(masked, -1), v);
  return mixed.transpose([0, 2, 1, 3]).reshape([count, tokens, heads * dimHead]);
}

/** The image and its copies moved by one pixel, cut into patches: `[n, patches, 5 × channels × patch²]`, channel fastest. */
function shiftedPatches(config: VitConfig, images: JaxArray): JaxArray {
  const { image, patch } = config;
  const [count, channels] = images.shape as [number, number];
  const padded = np.pad(images.ref, [
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 1],
  ]);
  const moved = (row: number, column: number) =>
    padded.ref.slice([], [], [row, row + image], [column, column + image]);
  const stacked = np.concatenate([images, moved(1, 0), moved(1, 2), moved(0, 1), moved(2, 1)], 1);
  padded.dispose();
  const side = image / patch;
  return stacked
    .reshape([count, 5 * channels, side, patch, side, patch])
    .transpose([0, 2, 4, 3, 5, 1])
    .reshape([count, side * side, patchLength(config)]);
}
