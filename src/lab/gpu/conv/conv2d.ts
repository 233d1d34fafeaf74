import * as tf from '@tensorflow/tfjs-core';
import { branch } from '../branch';
import { kernelsFor } from './kernels';
import { convShape } from './shape';

const FORWARD = 'LetheConv2D';
const INPUT_GRADIENT = 'LetheConv2DInputGradient';
const FILTER_GRADIENT = 'LetheConv2DFilterGradient';

/** The parameters of the three kernels, beside their tensors. */
interface Attributes {
  x: number[];
  filter: number[];
  stride: number;
  pad: number;
}

const run = (name: string, inputs: tf.NamedTensorMap, attributes: Attributes) =>
  tf.engine().runKernel(name, inputs, attributes as unknown as tf.NamedAttrMap) as tf.Tensor;

const shapeOf = (attributes: unknown) => {
  const { x, filter, stride, pad } = attributes as Attributes;
  return convShape(x, filter, stride, pad);
};

tf.registerKernel({
  kernelName: FORWARD,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const shape = shapeOf(attrs);
    return kernelsFor(backend, shape).gather(backend, 'forward', inputs.x!, inputs.filter!, shape);
  },
});

tf.registerKernel({
  kernelName: INPUT_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const shape = shapeOf(attrs);
    const { dy, filter, addend } = inputs as Record<string, tf.TensorInfo>;
    const { gather } = kernelsFor(backend, shape);
    return gather(backend, 'input-gradient', dy!, filter!, shape, { addend, gradient: true });
  },
});

tf.registerKernel({
  kernelName: FILTER_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const shape = shapeOf(attrs);
    return kernelsFor(backend, shape).filterGradient(backend, inputs.x!, inputs.dy!, shape, {
      gradient: 'dy',
    });
  },
});

// The tape asks only for the gradients that lead to a variable: a first layer's input gradient is never computed.
tf.registerGradient({
  kernelName: FORWARD,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attrs) => {
    const [x, filter] = saved as [tf.Tensor, tf.Tensor];
    const own = attrs as unknown as Attributes;
    return {
      x: () => run(INPUT_GRADIENT, { dy: dy as tf.Tensor, filter }, own),
      filter: () => run(FILTER_GRADIENT, { x, dy: dy as tf.Tensor }, own),
    };
  },
});

/**
 * Convolution with Lethe's own WebGPU kernels, differentiable once, deterministic (the same bits every time on one adapter).
 * @param x images `[batch, height, width, channels]`, float32
 * @param filter `[filterHeight, filterWidth, channels, outChannels]`, float32
 * @param stride the same for rows and columns, from 1
 * @param pad zeros on every side, from 0 (PyTorch's integer padding)
 * @returns `[batch, outHeight, outWidth, outChannels]`, outHeight = floor((height + 2 pad − filterHeight) / stride) + 1
 * @throws LetheError when the shapes do not fit
 */
export function conv2d(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, pad: number): tf.Tensor4D {
  convShape(x.shape, filter.shape, stride, pad);
  return run(FORWARD, { x, filter }, { x: x.shape, filter: filter.shape, stride, pad }) as tf.Tensor4D;
}

/** The convolution, and x for another branch of the network: see branch.ts. */
export function conv2dBranch(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  stride: number,
  pad: number,
): [convolved: tf.Tensor4D, x: tf.Tensor4D] {
  convShape(x.shape, filter.shape, stride, pad);
  const attributes: Attributes = { x: x.shape, filter: filter.shape, stride, pad };
  return branch(
    [x, filter],
    (save) => {
      save([x, filter]);
      return run(FORWARD, { x, filter }, attributes);
    },
    (dy, addend, saved) => [
      () => run(INPUT_GRADIENT, { dy, filter: saved[1]!, addend }, attributes),
      () => run(FILTER_GRADIENT, { x: saved[0]!, dy }, attributes),
    ],
  ) as [tf.Tensor4D, tf.Tensor4D];
}
