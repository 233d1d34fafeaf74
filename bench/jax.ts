import {
  blockUntilReady,
  defaultDevice,
  init,
  type Array as JaxArray,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { initialise } from '../src/lab/nn/initialise';
import type { ModelConfig } from '../src/lab/nn/spec';
import type { BenchCase } from './cases';
import { jaxForward, type Tensors } from './jax-forward';
import type { Contestant } from './measure';
import { LR, MOMENTUM, noiseBatch } from './network';

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
 * @returns undefined where jax-js finds no WebGPU.
 */
export async function jaxNetwork({ spec, batch, side }: BenchCase): Promise<Contestant | undefined> {
  const { config } = spec;
  const channels = config.kind === 'resnet' ? config.inChannels : config.channels;
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
  const { pixels, labels } = noiseBatch(batch, side, channels);
  const images = np.array(pixels).reshape([batch, side, side, channels]).transpose([0, 3, 1, 2]);
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

function trainingStep(config: ModelConfig): Step {
  const loss = (
    parameters: Tensors,
    statistics: Tensors,
    images: JaxArray,
    targets: JaxArray,
  ): [JaxArray, Tensors] => {
    const count = images.shape[0]!;
    const { logits, moved } = jaxForward(config, parameters, statistics, images);
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
