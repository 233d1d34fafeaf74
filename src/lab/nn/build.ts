import { sizeOf } from '../tensors';
import type { Initializer, LayerSpec, ModelConfig, ModelSpec, ParameterSpec } from './spec';

/** PyTorch's default for linear layers and unconfigured convolutions: U(±1/sqrt(fan_in)). */
export function uniformFanIn(fanIn: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}

export const ones: Initializer = { kind: 'constant', value: 1 };
export const zeros: Initializer = { kind: 'constant', value: 0 };

/** Weight and bias of a linear layer, PyTorch shapes and initial distribution. */
export function linearParameters(name: string, outputs: number, inputs: number): ParameterSpec[] {
  const initializer = uniformFanIn(inputs);
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], kind: 'linear', initializer },
    { name: `${name}.bias`, shape: [outputs], kind: 'bias', initializer },
  ];
}

/** Scale and shift of a BatchNorm or LayerNorm: 1 and 0. */
export function normParameters(name: string, channels: number): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [channels], kind: 'norm', initializer: ones },
    { name: `${name}.bias`, shape: [channels], kind: 'norm', initializer: zeros },
  ];
}

/** A layer of the map named after its module. */
export function layer(name: string, parameters: ParameterSpec[]): LayerSpec {
  return { name, parameters: parameters.map((parameter) => parameter.name) };
}

/** Puts a specification together and counts its scalars. */
export function finishSpec(
  config: ModelConfig,
  parameters: ParameterSpec[],
  buffers: ModelSpec['buffers'],
  layers: LayerSpec[],
  head: string[],
): ModelSpec {
  const size = parameters.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0);
  return { id: 'custom', label: 'Custom network', config, parameters, buffers, layers, head, size };
}
