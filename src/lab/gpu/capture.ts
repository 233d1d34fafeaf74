import { LetheError } from '../settings';
import { type DispatchSink, type PipelineEntry, redirectDispatches } from './dispatch';
import { type BackendInternals, type BufferPool, flush } from './internals';

/** One recorded dispatch. A pipeline of our own may still be compiling while the step is recorded. */
export interface Recorded {
  pipeline: GPUComputePipeline | PipelineEntry;
  bindGroup: GPUBindGroup;
  groups: readonly [number, number, number];
}

/** What a step did, with the buffers it did it in. */
export interface Recording<T> {
  result: T;
  dispatches: Recorded[];
  /** Data ids of tensors from outside that the step changes in place. */
  written: Set<object>;
  /** Data ids made by the step; those still alive belong to `result`. */
  made: WeakSet<object>;
  arena: Arena;
}

/**
 * The step's own buffers, withheld from the backend's pool so that nothing else ever writes to them. Within the step a buffer is
 * reused as soon as its tensor is disposed: dispatches of one pass run in order.
 */
export class Arena implements BufferPool {
  /** Storage that a tensor of the step holds now. */
  readonly live = new Set<GPUBuffer>();
  bytes = 0;
  /** Bytes of values that came from the host; replays see the same values again. */
  constantBytes = 0;
  private readonly buffers: GPUBuffer[] = [];
  private readonly constants = new Set<GPUBuffer>();
  private readonly free = new Map<string, GPUBuffer[]>();

  private readonly device: GPUDevice;
  private readonly maxConstantBytes: number;

  constructor(device: GPUDevice, maxConstantBytes: number) {
    this.device = device;
    this.maxConstantBytes = maxConstantBytes;
  }

  acquireBuffer(size: number, usage: number, mappedAtCreation = false): GPUBuffer {
    const reusable =
      mappedAtCreation || usage & GPUBufferUsage.UNIFORM
        ? undefined
        : this.free.get(`${size}/${usage}`)?.pop();
    const buffer = reusable ?? this.device.createBuffer({ size, usage, mappedAtCreation });
    if (!reusable) {
      this.buffers.push(buffer);
      this.bytes += size;
    }
    if (mappedAtCreation) {
      this.constants.add(buffer);
      this.constantBytes += size;
      if (this.constantBytes > this.maxConstantBytes)
        throw new LetheError(
          `The step cannot be captured: it uploads more than ${this.maxConstantBytes} bytes made on the host.`,
        );
    }
    if (usage & GPUBufferUsage.STORAGE) this.live.add(buffer);
    return buffer;
  }

  releaseBuffer(buffer: GPUBuffer): void {
    this.live.delete(buffer);
    if (this.constants.has(buffer)) return;
    const key = `${buffer.size}/${buffer.usage}`;
    const free = this.free.get(key);
    if (free) free.push(buffer);
    else this.free.set(key, [buffer]);
  }

  destroy(): void {
    for (const buffer of this.buffers) buffer.destroy();
  }
}

/**
 * Runs `step` without executing it: every dispatch, of stock operations too, is recorded instead. The backend's methods are
 * shadowed on the instance meanwhile and restored afterwards, also after an error.
 * @throws LetheError when the step does what a replay could not repeat.
 */
export function record<T>(backend: BackendInternals, step: () => T, maxConstantBytes: number): Recording<T> {
  flush(backend);
  const arena = new Arena(backend.device, maxConstantBytes);
  const dispatches: Recorded[] = [];
  const written = new Set<object>();
  const made = new WeakSet<object>();
  // References that the step itself took to tensors from outside (a reshape shares its data), and may give back.
  const borrowed = new Map<object, number>();
  const original = backend.bufferManager;
  const prototype = Object.getPrototypeOf(backend) as BackendInternals;
  const refuse = (why: string): never => {
    throw new LetheError(`The step cannot be captured: ${why}.`);
  };

  let pipeline: GPUComputePipeline;
  let bindGroup: GPUBindGroup;
  const pass = {
    setPipeline: (next: GPUComputePipeline) => {
      pipeline = next;
    },
    setBindGroup: (_: number, next: GPUBindGroup) => {
      bindGroup = next;
    },
    dispatchWorkgroups: (x: number, y = 1, z = 1) =>
      dispatches.push({ pipeline, bindGroup, groups: [x, y, z] }),
    end: () => undefined,
  };
  const encoder = {
    recording: true,
    beginComputePass: () => pass,
    copyBufferToBuffer: () => refuse('it copies buffers'),
    finish: () => refuse('it submits its own commands'),
  };
  const sink: DispatchSink = {
    add: (entry, group, groups) => dispatches.push({ pipeline: entry, bindGroup: group, groups }),
    written: (dataId) => {
      if (!made.has(dataId)) written.add(dataId);
    },
  };

  const shadows = {
    submitQueue: () => {
      backend.dispatchCountInPass = 0;
    },
    write: (...args: Parameters<BackendInternals['write']>) => {
      const dataId = prototype.write.apply(backend, args);
      made.add(dataId);
      return dataId;
    },
    uploadToGPU: (dataId: object) => {
      if (made.has(dataId)) return prototype.uploadToGPU.call(backend, dataId);
      if (backend.tensorMap.get(dataId).resource) return;
      // Values from before the step are no part of it: their buffer lives as long as their tensor.
      uninstall();
      prototype.uploadToGPU.call(backend, dataId);
      flush(backend);
      install();
    },
    incRef: (dataId: object) => {
      if (!made.has(dataId)) borrowed.set(dataId, (borrowed.get(dataId) ?? 0) + 1);
      prototype.incRef.call(backend, dataId);
    },
    disposeData: (dataId: object) => {
      if (!made.has(dataId) && backend.tensorMap.has(dataId)) {
        const references = borrowed.get(dataId) ?? 0;
        if (references === 0)
          refuse('it replaces or disposes a tensor from outside (variables must be changed in place)');
        borrowed.set(dataId, references - 1);
      }
      return prototype.disposeData.call(backend, dataId);
    },
    read: (dataId: object) =>
      backend.tensorMap.get(dataId).values
        ? prototype.read.call(backend, dataId)
        : refuse('it reads values back'),
    readSync: (dataId: object) =>
      backend.tensorMap.get(dataId).values
        ? prototype.readSync.call(backend, dataId)
        : refuse('it reads values back'),
  };
  const install = () => {
    backend.bufferManager = arena;
    backend.commandEncoder = encoder as unknown as BackendInternals['commandEncoder'];
    backend.computePassEncoder = null;
    // Nothing is ever in flight while recording, so disposed tensors give their buffers back at once.
    backend.commandQueueOwnedIds = { add: () => undefined, has: () => false };
    Object.assign(backend, shadows);
    redirectDispatches(backend, sink);
  };
  const uninstall = () => {
    backend.bufferManager = original;
    backend.commandEncoder = null;
    backend.computePassEncoder = null;
    backend.commandQueueOwnedIds = new WeakSet();
    backend.dispatchCountInPass = 0;
    backend.uniformPendingDisposal = [];
    for (const name of Object.keys(shadows)) delete (backend as unknown as Record<string, unknown>)[name];
    redirectDispatches(backend, undefined);
  };

  install();
  try {
    return { result: step(), dispatches, written, made, arena };
  } catch (error) {
    arena.destroy();
    throw error;
  } finally {
    uninstall();
  }
}
