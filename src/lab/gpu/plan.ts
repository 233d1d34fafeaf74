import * as tf from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';
import { type Recorded, record } from './capture';
import { flush, internalsOf } from './internals';

/** A step of training (or scoring, or evaluation) that is repeated without running its code again. */
export interface Plan {
  /** What the step returned; every replay gives them new values. Read them with `readTensor`. */
  readonly outputs: tf.Tensor[];
  /** What it dispatches, in order: keys of own kernels, TF.js's program names for stock operations. */
  readonly kernels: string[];
  /** Device memory that the plan keeps for itself, in bytes. */
  readonly bytes: number;
  /** Values from the host that are baked into the plan, in bytes. */
  readonly constantBytes: number;
  /** Executes the step once: one pass, one submit. What was written to the tensors it reads is seen; nothing is waited for. */
  replay(): void;
  /** Frees the plan's memory, its outputs included. */
  dispose(): void;
}

export interface CaptureOptions {
  /** Scalars and other small values from the host that the step may contain. Larger ones look like data and are refused. */
  maxConstantBytes?: number;
}

/**
 * Captures a step as CUDA graphs do: `step` runs once through the tape, but its dispatches are recorded instead of executed
 * (nothing is computed or changed until the first replay), in buffers that only the plan uses. Pipelines that are missing are
 * compiled side by side meanwhile. A replay gives the same bits as running the step.
 *
 * Whatever changes from step to step (batch indices, rates) must live in tensors from outside that the step reads and the caller
 * overwrites with `writeTensor`; they and the variables must outlive the plan. Numbers in the code become constants.
 *
 * @param step synchronous; returns the tensors to be read. Intermediate tensors are disposed as in `tf.tidy`.
 * @throws LetheError when the step cannot be repeated: it reads values back, uploads data, replaces a variable instead of changing
 * it in place, or keeps tensors. The caller then runs it as it is.
 */
export async function capture(
  step: () => tf.Tensor[],
  { maxConstantBytes = 4096 }: CaptureOptions = {},
): Promise<Plan> {
  const backend = internalsOf(tf.backend());
  const { result, dispatches, written, made, arena } = record(backend, () => tf.tidy(step), maxConstantBytes);
  const own = [...new Set(result.map((tensor) => tensor.dataId))].filter((dataId) => made.has(dataId));
  const free = () => {
    tf.dispose(result.filter((tensor) => made.has(tensor.dataId)));
    arena.destroy();
  };
  for (const dataId of own) {
    const storage = backend.tensorMap.get(dataId);
    // Keeps the backend from handing the plan's buffer to its own pool when the tensor is disposed.
    storage.external = true;
    if (storage.resource) arena.live.delete(storage.resource);
  }
  if (arena.live.size > 0) {
    free();
    throw new LetheError('The step cannot be captured: it keeps tensors that it does not return.');
  }
  const stale = [...written, ...own.filter((dataId) => backend.tensorMap.get(dataId).resource)];
  const commands = await ready(dispatches).catch((cause) => {
    free();
    throw cause;
  });

  let disposed = false;
  return {
    outputs: result,
    kernels: commands.map(({ pipeline }) => pipeline.label),
    bytes: arena.bytes,
    constantBytes: arena.constantBytes,
    replay() {
      if (disposed) throw new Error('This plan was disposed.');
      flush(backend);
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

type Command = Omit<Recorded, 'pipeline'> & { pipeline: GPUComputePipeline };

/** The dispatches with every pipeline compiled. */
function ready(dispatches: Recorded[]): Promise<Command[]> {
  return Promise.all(
    dispatches.map(async ({ pipeline, ...rest }) => ({
      ...rest,
      pipeline: 'key' in pipeline ? (pipeline.ready ?? (await pipeline.pending!)) : pipeline,
    })),
  );
}
