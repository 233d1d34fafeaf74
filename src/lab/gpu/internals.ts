import type * as tf from '@tensorflow/tfjs-core';
import type { DataType } from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';

/** One tensor's storage in the backend. Without `resource` its `values` have not been uploaded yet. */
export interface TensorStorage {
  dtype: DataType;
  shape: number[];
  values: ArrayLike<unknown> | null | undefined;
  resource?: GPUBuffer | null;
  /** The backend never pools or frees an external buffer. */
  external?: boolean;
}

export interface BufferPool {
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
}

/**
 * The members of TF.js 4.22's `WebGPUBackend` (dist/backend_webgpu.js) that Lethe relies on, most of them private there.
 * This is the only place that names them; the version is pinned in package.json.
 */
export interface BackendInternals {
  readonly device: GPUDevice;
  readonly tensorMap: { get(dataId: object): TensorStorage; has(dataId: object): boolean };
  bufferManager: BufferPool;
  commandEncoder: Pick<GPUCommandEncoder, 'beginComputePass' | 'copyBufferToBuffer' | 'finish'> | null;
  computePassEncoder: Pick<
    GPUComputePassEncoder,
    'setPipeline' | 'setBindGroup' | 'dispatchWorkgroups' | 'end'
  > | null;
  /** Tensors that the unsubmitted commands use; their buffers return to the pool only after the submit. */
  commandQueueOwnedIds: { add(dataId: object): unknown; has(dataId: object): boolean };
  tensorDataPendingDisposal: object[];
  uniformPendingDisposal: GPUBuffer[];
  dispatchCountInPass: number;
  makeTensorInfo(
    shape: number[],
    dtype: DataType,
    values?: unknown,
  ): { dataId: object; shape: number[]; dtype: DataType };
  write(values: unknown, shape: number[], dtype: DataType): object;
  uploadToGPU(dataId: object): void;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** The member of TF.js's engine behind `tf.customGrad`, private there: it allows several outputs. */
export interface EngineInternals {
  runKernelFunc(operation: {
    /** A map by name there, which takes a list by index just as well. */
    inputs: tf.Tensor[];
    forwardFunc(backend: unknown, save: tf.GradSaveFunc): tf.Tensor[];
    backwardsFunc(dys: tf.Tensor[], saved: tf.Tensor[]): (() => tf.Tensor)[];
  }): tf.Tensor[];
}

/** @throws Error when `backend` is not TF.js's WebGPU backend. */
export function internalsOf(backend: unknown): BackendInternals {
  const candidate = backend as Partial<BackendInternals> | null;
  if (!candidate?.tensorMap || !candidate.commandQueueOwnedIds || !candidate.uploadToGPU)
    throw new Error('This needs the WebGPU backend of TensorFlow.js 4.22.');
  return candidate as BackendInternals;
}

/**
 * Submits what is recorded so far, so that other work on the queue comes after it.
 * @throws LetheError inside a step that is being captured: what the caller is about to do would not be part of the replays.
 */
export function flushCommands(backend: BackendInternals): void {
  if (backend.commandEncoder && 'recording' in backend.commandEncoder)
    throw new LetheError('The step cannot be captured: it writes or reads values on the host side.');
  backend.endComputePassEncoder();
  if (backend.commandEncoder) backend.submitQueue();
}
