import { LetheError } from '../settings';
import { type DispatchSink, type PipelineEntry, redirectDispatches } from './dispatch';
import { type BackendInternals, type BufferPool, flushCommands } from './internals';

/** One recorded dispatch. A pipeline of our own may still be compiling while the step is recorded. */
export interface Recorded {
  pipeline: GPUComputePipeline | PipelineEntry;
  bindings: GPUBindGroupDescriptor;
  groups: readonly [number, number, number];
  /** See `DispatchRequest`. */
  bytes?: number;
}

/** Everything that a step did, as `recordStep` saw it. */
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
 * The buffers of one step, kept out of the backend's pool so that nothing else ever writes to them. Values that the step computes
 * get stand-ins without memory: memory is assigned after the recording, when their lifetimes are known.
 */
export class Arena implements BufferPool {
  /** Storage buffers that tensors of the step hold now; after the step, those that it did not dispose. */
  readonly live = new Set<GPUBuffer>();
  /** Bytes of real buffers. */
  bytes = 0;
  /** Bytes of values that came from the host; replays see the same values again. */
  constantBytes = 0;
  private readonly buffers: GPUBuffer[] = [];
  private readonly standIns = new WeakSet<GPUBuffer>();

  private readonly device: GPUDevice;
  private readonly maxConstantBytes: number;

  constructor(device: GPUDevice, maxConstantBytes: number) {
    this.device = device;
    this.maxConstantBytes = maxConstantBytes;
  }

  acquireBuffer(size: number, usage: number, mappedAtCreation = false): GPUBuffer {
    const computed = usage & GPUBufferUsage.STORAGE && !mappedAtCreation;
    const buffer = computed ? this.standIn(size, usage) : this.create({ size, usage, mappedAtCreation });
    if (mappedAtCreation) {
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
  }

  /** Whether a buffer has no memory yet. */
  isStandIn(buffer: GPUBuffer): boolean {
    return this.standIns.has(buffer);
  }

  /** A real buffer that lives as long as the plan. */
  create(descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = this.device.createBuffer(descriptor);
    this.buffers.push(buffer);
    this.bytes += descriptor.size;
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.buffers) buffer.destroy();
  }

  private standIn(size: number, usage: number): GPUBuffer {
    const properties = { size: { value: size }, usage: { value: usage } };
    const buffer = Object.create(GPUBuffer.prototype, properties) as GPUBuffer;
    this.standIns.add(buffer);
    return buffer;
  }
}

/**
 * Runs `step` without executing it: every dispatch, of stock operations too, is recorded instead. The backend's methods are
 * shadowed on the instance meanwhile and restored afterwards, also after an error.
 * @throws LetheError when the step does what a replay could not repeat.
 */
export function recordStep<T>(
  backend: BackendInternals,
  step: () => T,
  maxConstantBytes: number,
): Recording<T> {
  flushCommands(backend);
  const arena = new Arena(backend.device, maxConstantBytes);
  const dispatches: Recorded[] = [];
  const written = new Set<object>();
  const made = new WeakSet<object>();
  // A step may dispose only those references to outside tensors that it took itself (a reshape shares its data).
  // They are counted here.
  const borrowed = new Map<object, number>();
  const original = backend.bufferManager;
  const prototype = Object.getPrototypeOf(backend) as BackendInternals;
  const refuse = (why: string): never => {
    throw new LetheError(`The step cannot be captured: ${why}.`);
  };

  // Bind groups need real buffers, which do not exist yet: until then their descriptors stand in for them.
  const describe = (descriptor: GPUBindGroupDescriptor) => descriptor as unknown as GPUBindGroup;
  const described = (group: GPUBindGroup) => group as unknown as GPUBindGroupDescriptor;
  let pipeline: GPUComputePipeline;
  let bindings: GPUBindGroupDescriptor;
  const pass = {
    setPipeline: (next: GPUComputePipeline) => {
      pipeline = next;
    },
    setBindGroup: (_: number, next: GPUBindGroup) => {
      bindings = described(next);
    },
    dispatchWorkgroups: (x: number, y = 1, z = 1) =>
      dispatches.push({ pipeline, bindings, groups: [x, y, z] }),
    end: () => undefined,
  };
  const encoder = {
    recording: true,
    beginComputePass: () => pass,
    copyBufferToBuffer: () => refuse('it copies buffers'),
    finish: () => refuse('it submits its own commands'),
  };
  const sink: DispatchSink = {
    add: (entry, group, groups, bytes) =>
      dispatches.push({ pipeline: entry, bindings: described(group), groups, bytes }),
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
      // A tensor from before the step outlives it, so it is uploaded outside of the recording, into a buffer of the backend.
      uninstall();
      prototype.uploadToGPU.call(backend, dataId);
      flushCommands(backend);
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
    Object.assign(backend.device, { createBindGroup: describe });
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
    delete (backend.device as Partial<GPUDevice>).createBindGroup;
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
