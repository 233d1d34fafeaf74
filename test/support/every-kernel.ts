import * as tf from '@tensorflow/tfjs-core';
import { globals } from 'webgpu';
import { benchNetwork } from '../../bench/network';
import { withoutDevice } from '../../bench/without-device';
import { accumulateGradient, clearVariable } from '../../src/lab/gpu/accumulate';
import { attention } from '../../src/lab/gpu/attention';
import { batchNorm } from '../../src/lab/gpu/batch-norm';
import { kernelsFor } from '../../src/lab/gpu/conv/kernels';
import type { Operands } from '../../src/lab/gpu/conv/operands';
import { convShape, filterShape, inputShape, outputShape } from '../../src/lab/gpu/conv/shape';
import { tiledKernels } from '../../src/lab/gpu/conv/tiled';
import { fitsDevice, sharedBytes, TILINGS, type Tiling } from '../../src/lab/gpu/conv/tilings';
import { crossEntropy, crossEntropyPerExample } from '../../src/lab/gpu/cross-entropy';
import { uploadImages } from '../../src/lab/gpu/dataset';
import { openDevice } from '../../src/lab/gpu/device';
import { distillation } from '../../src/lab/gpu/distillation';
import { gelu } from '../../src/lab/gpu/gelu';
import { globalMean } from '../../src/lab/gpu/global-mean';
import { writeGramBlock } from '../../src/lab/gpu/gram';
import { layerNorm, layerNormBranch } from '../../src/lab/gpu/layer-norm';
import { linear } from '../../src/lab/gpu/linear';
import { matmul } from '../../src/lab/gpu/matmul';
import { maxPool } from '../../src/lab/gpu/max-pool';
import { nearestByChunk } from '../../src/lab/gpu/nearest';
import { type Products, setProducts } from '../../src/lab/gpu/products';
import { selectLargest } from '../../src/lab/gpu/radix-select';
import { layOutLists, packMask, packRates, sgdStep } from '../../src/lab/gpu/sgd';
import { agreement, noise } from '../../src/lab/gpu/tiling-checks';
import { embedTokens, shiftedPatches } from '../../src/lab/gpu/tokens';
import { specOfConfig } from '../../src/lab/nn/models';
import type { ModelConfig } from '../../src/lab/nn/spec';
import { lowestLimits } from './lowest-limits';

/** An operation's forward and backward pass on zeros of these shapes. */
function both(shapes: number[][], op: (...inputs: tf.Tensor[]) => tf.Tensor): void {
  tf.grads(op)(shapes.map((shape) => tf.zeros(shape)));
}

/** Numbers of channels that make every shape of tile: odd ones, multiples of 4, and more than a narrow tile has. */
const CHANNELS = [1, 2, 3, 4, 5, 8, 40];

/** The products by tilings that a trial may choose. */
function tilings(backend: unknown, known: readonly Tiling[]): void {
  const shape = convShape([2, 3, 3, 8], [3, 3, 8, 8], 2, 1);
  const [x, dy] = [tf.zeros(inputShape(shape)), tf.zeros(outputShape(shape))];
  const filter = tf.zeros(filterShape(shape));
  for (const tiling of known) {
    const { gather, filterGradient } = tiledKernels(tiling);
    for (const bias of [undefined, tf.zeros([8])])
      for (const added of [false, true]) {
        gather(backend, 'forward', x, filter, shape, { bias, addend: added ? dy : undefined });
        gather(backend, 'input-gradient', dy, filter, shape, { bias, addend: added ? x : undefined });
      }
    filterGradient(backend, x, dy, shape);
  }
}

/** Convolutions and linear layers, whose kernels depend on the device's products. */
function products(backend: unknown): void {
  for (const channels of CHANNELS)
    for (const out of CHANNELS) {
      const shape = convShape([8, 9, 9, channels], [3, 3, channels, out], 2, 1);
      const x = tf.zeros(inputShape(shape));
      const dy = tf.zeros(outputShape(shape));
      const filter = tf.zeros(filterShape(shape));
      const { gather, filterGradient } = kernelsFor(backend, shape);
      for (const biased of [false, true])
        for (const added of [false, true]) {
          const options = (length: number, addend: tf.Tensor) => ({
            bias: biased ? tf.zeros([length]) : undefined,
            addend: added ? addend : undefined,
          });
          gather(backend, 'forward', x, filter, shape, options(out, dy));
          gather(backend, 'input-gradient', dy, filter, shape, options(channels, x));
        }
      filterGradient(backend, x, dy, shape);
      // As many rows as make several chunks of the gradients.
      const rows = 150;
      const product = [rows, channels, out] as const;
      const weight = [out, channels];
      matmul(tf.zeros([rows, channels]), tf.zeros([channels, out]), product, [rows, out], {
        addend: tf.zeros([rows, out]),
      });
      both([[rows, channels], weight], (x, w) => linear(x!, w as tf.Tensor2D));
      both([[rows, channels], weight, [out], [rows, out]], (x, w, bias, residual) =>
        tf.add(
          linear(x!, w as tf.Tensor2D, bias as tf.Tensor1D),
          linear(x!, w as tf.Tensor2D, bias as tf.Tensor1D, residual),
        ),
      );
    }
}

/** What an optimizer's mask may say. */
export const ENTRIES = ['all', 'masked', 'scaled'] as const;
type Entries = (typeof ENTRIES)[number];

/** An optimizer's step on so many parameters. @param buffers how many a dispatch may bind */
function optimizer(width: number, count: number, entries: Entries, buffers?: number): void {
  const { offsets, total } = layOutLists(Array(count).fill(width));
  const updates = offsets.map((offset) => ({
    parameter: tf.variable(tf.zeros([width])),
    gradient: tf.zeros([width]),
    offset,
  }));
  const rates = tf.tensor1d(packRates({ lr: 1, momentum: 0, weightDecay: 0 }));
  const mask = entries === 'all' ? undefined : packMask(new Uint8Array(total));
  const scales = entries === 'scaled';
  sgdStep(updates, { velocity: tf.variable(tf.zeros([total])), rates, mask, scales }, buffers);
}

/** How many parameters share a dispatch at most, with the 48 buffers that Firefox allows. */
export const MOST_PARAMETERS = 22;

/**
 * The null backend allows fewer buffers and less shared memory than some devices, so its pipelines for many parameters and large tiles
 * fail: only their shaders are wanted.
 */
async function beyondLimits(gpu: GPUDevice, work: () => void): Promise<void> {
  gpu.pushErrorScope('validation');
  tf.tidy(work);
  await gpu.popErrorScope();
}

function manyParameters(): void {
  for (const entries of ENTRIES)
    for (let count = 1; count <= MOST_PARAMETERS; count++)
      for (const width of [8, 5]) optimizer(width, count, entries, 2 * MOST_PARAMETERS + 3);
}

/** Everything else, for a width that 4 divides and one that it does not. */
function operations(gpu: GPUDevice, width: number): void {
  const statistics = () => [tf.variable(tf.zeros([width])), tf.variable(tf.ones([width]))] as const;
  // Of few rows and of many, which take other dispatches.
  for (const side of [3, 65])
    for (const training of [true, false])
      for (const relu of [true, false])
        for (const skip of [[], [[1, side, side, width]]])
          both([[1, side, side, width], [width], [width], ...skip], (x, gamma, beta, residual) =>
            batchNorm(x!, gamma!, beta!, ...statistics(), { training, relu, residual }),
          );
  both([[3, width], [width], [width]], (x, gamma, beta) => layerNorm(x!, gamma!, beta!));
  both([[3, width], [width], [width]], (x, gamma, beta) => tf.add(...layerNormBranch(x!, gamma!, beta!)));
  both([[width]], (x) => gelu(x!));
  both([[2, 4, 3 * width], []], (qkv, factor) => attention(qkv as tf.Tensor3D, factor as tf.Scalar, 1));
  both(
    [
      [2, 4, width],
      [1, 1, width],
      [1, 5, width],
    ],
    (patches, first, place) =>
      embedTokens(patches as tf.Tensor3D, first as tf.Tensor3D, place as tf.Tensor3D),
  );
  shiftedPatches(tf.zeros([1, 4, 4, 3]), 2);
  both([[2, 3, 3, width]], (x) => globalMean(x as tf.Tensor4D));
  both([[2, 5, 5, width]], (x) => maxPool(x as tf.Tensor4D, 3, 2, 1));
  both([[3, width]], (x) => tf.add(tf.sum(x!), tf.mean(x!)));

  const labels = tf.tensor1d([0, 1, 2], 'int32');
  both([[3, width]], (logits) => tf.mul(crossEntropy(logits as tf.Tensor2D, labels), 2));
  both([[3, width]], (logits) => crossEntropyPerExample(logits as tf.Tensor2D, labels));
  both([[3, width]], (student) => distillation(student as tf.Tensor2D, tf.zeros([3, width]), 2));

  for (const entries of ENTRIES) for (let count = 1; count <= 3; count++) optimizer(width, count, entries);
  const sum = tf.variable(tf.zeros([width]));
  accumulateGradient(sum, tf.zeros([width]));
  clearVariable(sum);
  selectLargest(tf.zeros([100]), 3);
  const rows = { values: tf.zeros([3, width]), first: 0, count: 3 };
  writeGramBlock(tf.variable(tf.zeros([3, 3])), rows, rows);
  nearestByChunk(tf.zeros([3, width]), tf.zeros([5, width]));

  const indices = tf.tensor1d([0, 1], 'int32');
  const pixels = new Uint8Array(2 * 8 * 8 * 3);
  uploadImages(gpu, pixels, Int32Array.of(0, 1), [8, 8, 3]).gather({ indices });
  const augment = { size: 6, crop: { scale: [0.5, 1], ratio: [0.75, 1.33] }, flip: true } as const;
  uploadImages(gpu, pixels, Int32Array.of(0, 1), [8, 8, 3], { augment }).gather(
    { indices },
    { augment: { key: [1, 2], step: tf.tensor1d([0], 'int32'), stream: 0 } },
  );
}

/** One of each kind of network, narrow: what TF.js's own operations compute of a step depends on the layers, not on their widths. */
const NETWORKS: ModelConfig[] = [
  {
    kind: 'resnet',
    stem: 'imagenet',
    block: 'bottleneck',
    layers: [1, 1],
    widths: [4, 6],
    inChannels: 3,
    classes: 10,
  },
  {
    kind: 'vit',
    image: 16,
    patch: 8,
    dim: 8,
    depth: 2,
    heads: 2,
    dimHead: 4,
    mlpDim: 12,
    classes: 10,
    channels: 3,
  },
];

/** Sizes of subgroups that adapters have. */
export const LANES = [4, 8, 16, 32];

/** A shader of the lab. */
export interface Shader {
  /** The key of our kernel, or the class of TF.js's. */
  label: string;
  code: string;
}

/**
 * Every shader that the lab may hand to a browser, with the variants of each. All is run on Dawn's null backend, which checks every
 * shader and pipeline and computes nothing.
 * @param portable whether on a device with the lowest limits and no feature: without the kernels that need subgroups or half precision
 * @throws LetheError when the device refuses one
 */
export function everyShader(portable: boolean): Promise<Shader[]> {
  Object.assign(globalThis, globals);
  return withoutDevice(async () => {
    if (portable)
      Object.defineProperty(globalThis, 'navigator', {
        value: { gpu: lowestLimits(navigator.gpu) },
        configurable: true,
      });
    const device = await openDevice();
    const { gpu, backend } = device;
    const shaders = new Map<string, Shader>();
    const createShaderModule = gpu.createShaderModule.bind(gpu);
    gpu.createShaderModule = (descriptor) => {
      const { label = '', code } = descriptor;
      shaders.set(code, { label, code });
      return createShaderModule(descriptor);
    };
    const variants: Products[] = [
      { variant: 'register', lanes: 0 },
      ...(portable ? [] : LANES.map((lanes) => ({ variant: 'subgroup' as const, lanes }))),
      { variant: 'tiled', lanes: 0 },
    ];
    const operandsOf = (products: Products): Operands[] =>
      products.variant === 'tiled' && !portable ? ['f32', 'rounded', 'f16'] : ['f32', 'rounded'];
    for (const variant of variants)
      for (const operands of operandsOf(variant)) {
        setProducts(backend, { ...variant, operands });
        tf.tidy(() => products(backend));
      }
    const tiled = variants.at(-1)!;
    // Of those for subgroups each is made for one size.
    const fits = (tiling: Tiling) =>
      (tiling.subgroups && !portable) || fitsDevice(tiling, { limits: gpu.limits, lanes: 0 });
    for (const operands of operandsOf(tiled)) {
      setProducts(backend, { ...tiled, operands });
      tf.tidy(() => tilings(backend, TILINGS.filter(fits)));
    }
    setProducts(backend, tiled);
    await agreement(noise([8], 1), noise([8], 2));
    for (const width of [8, 5]) operations(gpu, width);
    for (const config of NETWORKS) {
      const network = benchNetwork(specOfConfig(config), 2, 16, 'lethe');
      network.train();
      network.evaluate();
    }
    // The last of all: what fails here must not be submitted with what does not.
    if (!portable)
      await beyondLimits(gpu, () => {
        const large = (tiling: Tiling) => sharedBytes(tiling) > gpu.limits.maxComputeWorkgroupStorageSize;
        for (const operands of operandsOf(tiled)) {
          setProducts(backend, { ...tiled, operands });
          tilings(backend, TILINGS.filter(large));
        }
        manyParameters();
      });
    await device.guard(gpu.queue.onSubmittedWorkDone());
    device.check();
    device.dispose();
    return [...shaders.values()];
  });
}
