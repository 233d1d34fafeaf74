import {
  blockUntilReady,
  defaultDevice,
  init,
  type Array as JaxArray,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { initialise } from '../src/lab/nn/initialise';
import { type ConvNorm, planResNet } from '../src/lab/nn/resnet';
import type { ResNetConfig } from '../src/lab/nn/spec';
import type { BenchCase } from './cases';
import type { Contestant } from './measure';
import { LR, MOMENTUM, noiseBatch } from './network';

type Tensors = Record<string, JaxArray>;

/** Every array is used up by the function that takes it, unless it is passed as `.ref`. */
type Step = (
  parameters: Tensors,
  velocity: Tensors,
  statistics: Tensors,
  images: JaxArray,
  targets: JaxArray,
) => { loss: JaxArray; parameters: Tensors; velocity: Tensors; statistics: Tensors };

/**
 * The same training step in jax-js, on a device of its own: forward, backward and SGD with momentum in one jitted function, as its
 * documentation asks for. Layouts are jax-js's own (NCHW, OIHW).
 * @returns undefined where jax-js finds no WebGPU, and for networks other than CIFAR ResNets.
 */
export async function jaxNetwork({ spec, batch, side }: BenchCase): Promise<Contestant | undefined> {
  const { config } = spec;
  if (config.kind !== 'resnet' || config.stem !== 'cifar') return undefined;
  if (!(await init('webgpu')).includes('webgpu')) return undefined;
  defaultDevice('webgpu');
  const weights = initialise(spec, 0);
  const arrays = (names: readonly { name: string; shape: readonly number[] }[]): Tensors =>
    Object.fromEntries(
      names.map(({ name, shape }) => [
        name,
        np.array(weights[name]!.data as Float32Array<ArrayBuffer>).reshape([...shape]),
      ]),
    );
  const { pixels, labels } = noiseBatch(batch, side, config.inChannels);
  const images = np.array(pixels).reshape([batch, side, side, config.inChannels]).transpose([0, 3, 1, 2]);
  const targets = nn.oneHot(np.array(labels), config.classes);
  let parameters = arrays(spec.parameters);
  let velocity = tree.map((value: JaxArray) => np.zerosLike(value), tree.ref(parameters)) as Tensors;
  let statistics = arrays(spec.buffers);
  const step = jit(trainingStep(config));
  return {
    run() {
      const next = step(parameters, velocity, statistics, images.ref, targets.ref);
      next.loss.dispose();
      ({ parameters, velocity, statistics } = next);
    },
    wait: () => blockUntilReady(parameters),
  };
}

function trainingStep(config: ResNetConfig): Step {
  const loss = (
    parameters: Tensors,
    statistics: Tensors,
    images: JaxArray,
    targets: JaxArray,
  ): [JaxArray, Tensors] => {
    const count = images.shape[0]!;
    const { logits, moved } = forward(config, parameters, statistics, images);
    return [
      nn
        .logSoftmax(logits)
        .mul(targets)
        .sum()
        .mul(-1 / count),
      moved,
    ];
  };
  return (parameters, velocity, statistics, images, targets) => {
    const [[value, moved], gradients] = valueAndGrad(loss, { hasAux: true })(
      tree.ref(parameters),
      statistics,
      images,
      targets,
    ) as unknown as [[JaxArray, Tensors], Tensors];
    const next: Pick<ReturnType<Step>, 'parameters' | 'velocity'> = { parameters: {}, velocity: {} };
    for (const [name, gradient] of Object.entries(gradients)) {
      const speed = velocity[name]!.mul(MOMENTUM).add(gradient);
      next.velocity[name] = speed.ref;
      next.parameters[name] = parameters[name]!.sub(speed.mul(LR));
    }
    return { loss: value, ...next, statistics: moved };
  };
}

const EPSILON = 1e-5;

function forward(
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
  const logits = np.dot(x.mean([2, 3]), parameters['fc.weight']!.transpose()).add(parameters['fc.bias']!);
  return { logits, moved };
}
