import * as tf from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';
import { type Arena, type Recorded, recordStep } from './capture';
import { flushCommands, internalsOf } from './internals';
import { type Lifetime, PlanMemory } from './memory';

/** A step of training (or scoring, or evaluation) that is repeated without running its code again. */
export interface Plan {
  /** What the step returned; every replay gives them new values. Read them with `readTensor`. */
  readonly outputs: tf.Tensor[];
  /** What it dispatches, in order: keys of own kernels, TF.js's program names for stock operations. */
  readonly kernels: string[];
  /** Device memory that the plan keeps for itself, in bytes. */
  readonly bytes: number;
  /**
   * What the dispatches of a replay read and write, in bytes: the sizes of the storage buffers that each binds. A device moves less where
   * its caches hold a value until it is read, and more where a kernel reads a value twice.
   */
  readonly movedBytes: number;
  /** Values from the host that are baked into the plan, in bytes. */
  readonly constantBytes: number;
  /** Executes the step once, in one pass and one submit, on the current values of the tensors it reads. Does not wait. */
  replay(): void;
  /** Frees the plan's memory, its outputs included. */
  dispose(): void;
}

export interface CaptureOptions {
  /** Bytes of host values a step may contain (scalars and other constants). More than that looks like data and is refused. */
  maxConstantBytes?: number;
  /** Memory to share with other plans, disposed by its maker; default is memory of this plan alone. */
  memory?: PlanMemory;
}

/**
 * Captures a step as CUDA graphs do: `step` runs once through the tape, but its dispatches are recorded instead of executed
 * (nothing is computed or changed until the first replay), in buffers that only plans use. Pipelines that are missing are
 * compiled side by side meanwhile. A replay gives the same bits as running the step.
 *
 * Whatever changes from step to step (batch indices, rates) must live in tensors from outside that the step reads and the caller
 * overwrites with `writeTensor`; they and the variables must outlive the plan. Numbers in the code become constants.
 *
 * @param step synchronous; returns the tensors to be read. Intermediate tensors are disposed as in `tf.tidy`.
 * @throws LetheError when the step cannot be repeated: it reads values back, uploads data, replaces a variable instead of changing
 * it in place, or keeps tensors. The caller then runs it as it is.
 */
export async function captureStep(
  step: () => tf.Tensor[],
  { maxConstantBytes = 4096, memory: shared }: CaptureOptions = {},
): Promise<Plan> {
  const backend = internalsOf(tf.backend());
  const { result, dispatches, written, made, arena } = recordStep(
    backend,
    () => tf.tidy(step),
    maxConstantBytes,
  );
  const memory = shared ?? new PlanMemory();
  const own = [...new Set(result.map((tensor) => tensor.dataId))].filter((dataId) => made.has(dataId));
  const free = () => {
    tf.dispose(result.filter((tensor) => made.has(tensor.dataId)));
    arena.destroy();
    if (!shared) memory.dispose();
  };
  const kept = new Map<GPUBuffer, GPUBuffer>();
  for (const dataId of own) {
    const storage = backend.tensorMap.get(dataId);
    // Keeps the backend from handing the plan's buffer to its own pool when the tensor is disposed.
    storage.external = true;
    const { resource } = storage;
    if (!resource) continue;
    arena.live.delete(resource);
    if (!arena.isStandIn(resource)) continue;
    storage.resource = arena.create({ size: resource.size, usage: resource.usage });
    kept.set(resource, storage.resource);
  }
  if (arena.live.size > 0) {
    free();
    throw new LetheError('The step cannot be captured: it keeps tensors that it does not return.');
  }
  const stale = [...written, ...own.filter((dataId) => backend.tensorMap.get(dataId).resource)];
  const placed = place(backend.device, dispatches, arena, memory, kept);
  const commands = await ready(placed.dispatches).catch((cause) => {
    free();
    throw cause;
  });

  let disposed = false;
  return {
    outputs: result,
    kernels: commands.map(({ pipeline }) => pipeline.label),
    bytes: arena.bytes + placed.added,
    movedBytes: dispatches.reduce((sum, dispatch) => sum + movedBytes(dispatch), 0),
    constantBytes: arena.constantBytes,
    replay() {
      if (disposed) throw new Error('This plan was disposed.');
      flushCommands(backend);
      for (const dataId of stale)
        if (backend.tensorMap.has(dataId)) backend.tensorMap.get(dataId).values = null;
      const encoder = backend.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      let current: GPUComputePipeline | undefined;
      for (const { pipeline, bindGroup, groups } of commands) {
        if (pipeline !== current) pass.setPipeline((current = pipeline));
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...groups);
      }
      pass.end();
      backend.device.queue.submit([encoder.finish()]);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      free();
    },
  };
}

/** A dispatch after its stand-ins were replaced by real buffers. */
type Placed = Omit<Recorded, 'bindings'> & { bindGroup: GPUBindGroup };
type Command = Omit<Placed, 'pipeline'> & { pipeline: GPUComputePipeline };

/** Gives every stand-in memory for as long as dispatches use it, or, if in `kept`, the buffer named there. */
function place(
  device: GPUDevice,
  dispatches: Recorded[],
  arena: Arena,
  memory: PlanMemory,
  kept: ReadonlyMap<GPUBuffer, GPUBuffer>,
): { dispatches: Placed[]; added: number } {
  const lifetimes = new Map<GPUBuffer, Lifetime>();
  dispatches.forEach(({ bindings }, index) => {
    for (const { resource } of bindings.entries) {
      const { buffer } = resource as GPUBufferBinding;
      if (!arena.isStandIn(buffer) || kept.has(buffer)) continue;
      const known = lifetimes.get(buffer);
      if (known) known.last = index;
      else lifetimes.set(buffer, { size: buffer.size, first: index, last: index });
    }
  });
  const { buffers, added } = memory.place(device, [...lifetimes.values()]);
  const real = new Map(kept);
  [...lifetimes.keys()].forEach((standIn, index) => {
    real.set(standIn, buffers[index]!);
  });
  return {
    added,
    dispatches: dispatches.map(({ bindings, ...rest }) => ({
      ...rest,
      bindGroup: device.createBindGroup({
        layout: bindings.layout,
        entries: [...bindings.entries].map(({ binding, resource }) => {
          const bound = resource as GPUBufferBinding;
          const buffer = real.get(bound.buffer);
          return { binding, resource: buffer ? { buffer, size: bound.buffer.size } : bound };
        }),
      }),
    })),
  };
}

function movedBytes({ bindings, bytes }: Recorded): number {
  if (bytes !== undefined) return bytes;
  // Some kernels are given a buffer twice, where they do not read the second.
  const buffers = new Set([...bindings.entries].map(({ resource }) => (resource as GPUBufferBinding).buffer));
  return [...buffers].reduce((sum, { size, usage }) => sum + (usage & GPUBufferUsage.STORAGE ? size : 0), 0);
}

/** The dispatches with every pipeline compiled. */
function ready(dispatches: Placed[]): Promise<Command[]> {
  return Promise.all(
    dispatches.map(async ({ pipeline, ...rest }) => ({
      ...rest,
      pipeline: 'key' in pipeline ? (pipeline.ready ?? (await pipeline.pending!)) : pipeline,
    })),
  );
}
