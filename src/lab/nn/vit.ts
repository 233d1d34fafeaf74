import { finishSpec, layer, linearParameters, normParameters, uniformFanIn } from './build';
import type { LayerSpec, ModelSpec, ParameterSpec, VitConfig } from './spec';

/** Module name of one transformer layer. */
export const vitBlockName = (index: number): string => `transformer.layers.${index}`;

/** Module names inside one transformer layer, as lucidrains' `vit_for_small_dataset` has them. */
export function vitLayerNames(index: number) {
  const attention = `${vitBlockName(index)}.0`;
  const mlp = `${vitBlockName(index)}.1.net`;
  return {
    norm: `${attention}.norm`,
    qkv: `${attention}.to_qkv`,
    temperature: `${attention}.temperature`,
    out: `${attention}.to_out.0`,
    mlpNorm: `${mlp}.0`,
    expand: `${mlp}.1`,
    contract: `${mlp}.4`,
  };
}

export const PATCH_NORM = 'to_patch_embedding.to_patch_tokens.1';
export const PATCH_LINEAR = 'to_patch_embedding.to_patch_tokens.2';
export const HEAD_NORM = 'mlp_head.0';
export const HEAD_LINEAR = 'mlp_head.1';

/** Tokens without the class token. */
export function patchCount(config: VitConfig): number {
  return (config.image / config.patch) ** 2;
}

/** Values of one flattened patch: the image and its four shifted copies. */
export function patchLength(config: VitConfig): number {
  return 5 * config.channels * config.patch ** 2;
}

/** The specification of the ViT for small data (METHOD sections 2 and 3), as PyTorch names and orders it. */
export function vitSpec(config: VitConfig): ModelSpec {
  const { dim } = config;
  const inner = config.heads * config.dimHead;
  const embedding = (name: string, shape: number[]): ParameterSpec => ({
    name,
    shape,
    kind: 'embedding',
    initializer: { kind: 'normal', std: 1 },
  });
  const position = embedding('pos_embedding', [1, patchCount(config) + 1, dim]);
  const token = embedding('cls_token', [1, 1, dim]);
  const patchNorm = normParameters(PATCH_NORM, patchLength(config));
  const patchLinear = linearParameters(PATCH_LINEAR, dim, patchLength(config));
  const parameters = [position, token, ...patchNorm, ...patchLinear];
  const layers: LayerSpec[] = [
    layer(PATCH_NORM, patchNorm),
    layer(PATCH_LINEAR, patchLinear),
    layer('cls_token', [token]),
    layer('pos_embedding', [position]),
  ];
  for (let index = 0; index < config.depth; index++) {
    const names = vitLayerNames(index);
    const temperature: ParameterSpec = {
      name: names.temperature,
      shape: [],
      kind: 'scalar',
      initializer: { kind: 'constant', value: Math.log(config.dimHead ** -0.5) },
    };
    const norm = normParameters(names.norm, dim);
    const qkv: ParameterSpec = {
      name: `${names.qkv}.weight`,
      shape: [3 * inner, dim],
      kind: 'linear',
      initializer: uniformFanIn(dim),
    };
    const out = linearParameters(names.out, dim, inner);
    const mlpNorm = normParameters(names.mlpNorm, dim);
    const expand = linearParameters(names.expand, config.mlpDim, dim);
    const contract = linearParameters(names.contract, dim, config.mlpDim);
    parameters.push(temperature, ...norm, qkv, ...out, ...mlpNorm, ...expand, ...contract);
    layers.push(
      layer(names.norm, norm),
      layer(names.qkv, [qkv]),
      layer(names.temperature, [temperature]),
      layer(names.out, out),
      layer(names.mlpNorm, mlpNorm),
      layer(names.expand, expand),
      layer(names.contract, contract),
    );
  }
  const headNorm = normParameters(HEAD_NORM, dim);
  const headLinear = linearParameters(HEAD_LINEAR, config.classes, dim);
  parameters.push(...headNorm, ...headLinear);
  layers.push(layer(HEAD_NORM, headNorm), layer(HEAD_LINEAR, headLinear));
  const head = [...headNorm, ...headLinear].map(({ name }) => name);
  return finishSpec(config, parameters, [], layers, head);
}
