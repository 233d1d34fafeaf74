/**
 * The one place that asks the browser (or Dawn in Node) for a GPU. It opens a device of our own, with the adapter's limits and
 * optional features, and hands it to TF.js as its `webgpu` backend.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { FaultError, LetheError } from '../settings';
import type { DeviceDescription } from '../study/result';
import { createWaits } from '../waits';
import { describeAdapter } from './adapter';
import { type Products, type ProductVariant, setProducts } from './products';
import { registerReduceGradients } from './reduce-gradients';

export interface OpenDeviceOptions {
  /** Kernels of convolutions and linear layers. Default: what suits the adapter. */
  products?: ProductVariant;
  /** Called once with the first error that no caller could catch (a bad shader, a lost device, memory exhausted). */
  onError?: (error: LetheError) => void;
}

/** The kernels asked for, else those that suit the adapter. @throws LetheError when the adapter cannot run the ones asked for. */
function productsFor(
  gpu: GPUDevice,
  info: GPUAdapterInfo,
  software: boolean,
  wanted?: ProductVariant,
): Products {
  const fixed = gpu.features.has('subgroups') && info.subgroupMinSize === info.subgroupMaxSize;
  const lanes = fixed ? info.subgroupMinSize : 0;
  if (wanted === 'subgroup' && !lanes)
    throw new LetheError('This graphics adapter has no subgroups of one fixed size.');
  return { variant: wanted ?? (!software ? 'tiled' : lanes ? 'subgroup' : 'register'), lanes };
}

/** An open device that TF.js computes on. */
export interface LabDevice {
  readonly gpu: GPUDevice;
  readonly backend: WebGPUBackend;
  readonly adapter: GPUAdapterInfo;
  readonly description: DeviceDescription;
  /** Resolves with the reason when the device is gone, except through `dispose`. */
  readonly lost: Promise<string>;
  /** Resolves with the first error that no caller could catch (a bad shader, memory exhausted): from then on the device refuses all work. */
  readonly failed: Promise<string>;
  /** Throws the first error of the device, if there was one. */
  check(): void;
  /** Awaits `work`, but rejects as soon as the device is lost or reports an error. */
  guard<T>(work: Promise<T>): Promise<T>;
  /** Frees everything on the device and takes it from TF.js. */
  dispose(): void;
}

/** Optional features: enabled where the adapter has them. Kernels check `gpu.features` before they use one. */
const OPTIONAL_FEATURES: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** Limits that are raised from WebGPU's default to the adapter's own. */
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

/** Stock matrix product without split-K, whose float atomics make sums differ from run to run (`MatMulReduceProgram`). */
const MATMUL_WITHOUT_ATOMICS = 3;

/**
 * Opens a device and makes it TF.js's `webgpu` backend, in a page, a worker or Node (where `navigator.gpu` must be Dawn's).
 * Opening again, say after a loss, replaces the backend by a fresh one: tensors of the old one are gone.
 *
 * @throws LetheError in one sentence when there is no WebGPU, no adapter, or the adapter gives no device.
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<LabDevice> {
  const adapter = await requestAdapter();
  const gpu = await adapter
    .requestDevice({
      requiredFeatures: OPTIONAL_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]])),
    })
    .catch((cause) => {
      throw new LetheError(`The graphics adapter gave no WebGPU device: ${messageOf(cause)}`);
    });
  const backend = await install(gpu, adapter.info);
  const description = describeAdapter(adapter.info);
  setProducts(backend, productsFor(gpu, adapter.info, description.software, options.products));
  return { ...watch(gpu, backend, options.onError), adapter: adapter.info, description };
}

async function requestAdapter(): Promise<GPUAdapter> {
  const webgpu = globalThis.navigator?.gpu;
  if (!webgpu)
    throw new LetheError(
      globalThis.isSecureContext === false
        ? 'WebGPU needs a secure page: open Lethe over https or from localhost.'
        : 'This browser has no WebGPU: use a current Chrome, Edge, Safari or Firefox, and see that WebGPU is switched on.',
    );
  const adapter = await webgpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new LetheError(
      'WebGPU found no graphics adapter: switch on hardware acceleration in the browser, or update the graphics driver.',
    );
  return adapter;
}

/** Replaces whatever TF.js has as `webgpu` by a backend on `gpu`, and waits until it is in charge. */
async function install(gpu: GPUDevice, info: GPUAdapterInfo): Promise<WebGPUBackend> {
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', MATMUL_WITHOUT_ATOMICS);
  tf.env().set('WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE', false);
  // By default TF.js computes small tensors that are not on the device yet on the CPU. A resumed training, whose tensors were
  // just loaded, would then differ in its bits from one that ran through. So that is switched off.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const backend = new WebGPUBackend(gpu, info);
  if (tf.engine().registryFactory.webgpu) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend, 3);
  await tf.setBackend('webgpu');
  registerReduceGradients();
  return backend;
}

function watch(
  gpu: GPUDevice,
  backend: WebGPUBackend,
  onError: OpenDeviceOptions['onError'],
): Omit<LabDevice, 'adapter' | 'description'> {
  let disposed = false;
  let failure: LetheError | undefined;
  const { wait, end } = createWaits();

  function fail(message: string): void {
    if (disposed || failure) return;
    failure = new FaultError(message);
    end(failure);
    onError?.(failure);
  }

  const failed = new Promise<string>((resolve) => {
    gpu.addEventListener('uncapturederror', (event) => {
      event.preventDefault?.();
      const message = `The graphics device reported an error: ${event.error.message}`;
      fail(message);
      if (!disposed) resolve(message);
    });
  });
  const lost = new Promise<string>((resolve) => {
    void gpu.lost.then((info) => {
      if (disposed) return;
      const reason = info.message || info.reason || 'unknown reason';
      fail(`The graphics device was lost: ${reason}`);
      resolve(reason);
    });
  });

  return {
    gpu,
    backend,
    lost,
    failed,
    check() {
      if (failure) throw failure;
    },
    guard: wait,
    dispose() {
      if (disposed) return;
      disposed = true;
      if (tf.findBackend('webgpu') === backend) tf.removeBackend('webgpu');
      else backend.dispose();
      gpu.destroy();
    },
  };
}

/** Tries to allocate so many bytes, as large a buffer at a time as the device allows, and gives them back. */
export async function canAllocate(gpu: GPUDevice, bytes: number): Promise<boolean> {
  const buffers: GPUBuffer[] = [];
  gpu.pushErrorScope('out-of-memory');
  for (let left = bytes; left > 0; left -= gpu.limits.maxBufferSize) {
    const size = 4 * Math.ceil(Math.min(left, gpu.limits.maxBufferSize) / 4);
    buffers.push(gpu.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
  }
  const error = await gpu.popErrorScope();
  for (const buffer of buffers) buffer.destroy();
  return error === null;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
