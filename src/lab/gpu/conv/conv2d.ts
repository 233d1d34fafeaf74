import * as tf from '@tensorflow/tfjs-core';
import { convFilterGradient } from './filter-gradient';
import { convForward, convInputGradient, type RegisterPixels } from './gather';
import { type ConvShape, convShape } from './shape';
import { tiledFilterGradient, tiledForward, tiledInputGradient } from './tiled';

const FORWARD = 'LetheConv2D';
const INPUT_GRADIENT = 'LetheConv2DInputGradient';
const FILTER_GRADIENT = 'LetheConv2DFilterGradient';

/** What the three kernels need to know beside their tensors. */
interface Attributes {
  x: number[];
  filter: number[];
  stride: number;
  pad: number;
}

/**
 * Tiles in registers suit CPU drivers, where a barrier is dear (the number: pixels a thread computes, see gather.ts);
 * tiles in shared memory suit GPUs.
 */
export type ConvVariant = 'register-4' | 'register-8' | 'tiled';

interface ConvKernels {
  forward(backend: unknown, x: tf.TensorInfo, filter: tf.TensorInfo, shape: ConvShape): tf.TensorInfo;
  inputGradient(backend: unknown, dy: tf.TensorInfo, filter: tf.TensorInfo, shape: ConvShape): tf.TensorInfo;
  filterGradient(backend: unknown, x: tf.TensorInfo, dy: tf.TensorInfo, shape: ConvShape): tf.TensorInfo;
}

const registerKernels = (pixels: RegisterPixels): ConvKernels => ({
  forward: (backend, x, filter, shape) => convForward(backend, x, filter, shape, pixels),
  inputGradient: (backend, dy, filter, shape) => convInputGradient(backend, dy, filter, shape, pixels),
  filterGradient: convFilterGradient,
});

const kernels: Record<ConvVariant, ConvKernels> = {
  'register-4': registerKernels(4),
  'register-8': registerKernels(8),
  tiled: { forward: tiledForward, inputGradient: tiledInputGradient, filterGradient: tiledFilterGradient },
};

const variants = new WeakMap<object, ConvVariant>();

/** Chooses the kernels of a backend; `register-4` until then. They may differ in the last bits of their sums. */
export function setConvVariant(backend: object, variant: ConvVariant): void {
  variants.set(backend, variant);
}

const kernelsOf = (backend: unknown) => kernels[variants.get(backend as object) ?? 'register-4'];

const shapeOf = (attributes: unknown) => {
  const { x, filter, stride, pad } = attributes as Attributes;
  return convShape(x, filter, stride, pad);
};

tf.registerKernel({
  kernelName: FORWARD,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend, attrs }) =>
    kernelsOf(backend).forward(backend, inputs.x!, inputs.filter!, shapeOf(attrs)),
});

tf.registerKernel({
  kernelName: INPUT_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend, attrs }) =>
    kernelsOf(backend).inputGradient(backend, inputs.dy!, inputs.filter!, shapeOf(attrs)),
});

tf.registerKernel({
  kernelName: FILTER_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend, attrs }) =>
    kernelsOf(backend).filterGradient(backend, inputs.x!, inputs.dy!, shapeOf(attrs)),
});

// The tape asks only for the gradients that lead to a variable: a first layer's input gradient is never computed.
tf.registerGradient({
  kernelName: FORWARD,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attrs) => {
    const [x, filter] = saved as [tf.Tensor, tf.Tensor];
    const run = (name: string, inputs: tf.NamedTensorMap) =>
      tf.engine().runKernel(name, inputs, attrs as unknown as tf.NamedAttrMap) as tf.Tensor;
    return {
      x: () => run(INPUT_GRADIENT, { dy: dy as tf.Tensor, filter }),
      filter: () => run(FILTER_GRADIENT, { x, dy: dy as tf.Tensor }),
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
  const attributes: Attributes = { x: x.shape, filter: filter.shape, stride, pad };
  return tf
    .engine()
    .runKernel(FORWARD, { x, filter }, attributes as unknown as tf.NamedAttrMap) as tf.Tensor4D;
}
