import type { TensorInfo } from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';
import { sizeOf } from '../tensors';
import { type BackendInternals, internalsOf } from './internals';
import { type Fresh, type Kernel, packUniforms, shaderCode } from './kernel';

/** A kernel's pipeline: ready, or still being compiled. */
export interface PipelineEntry {
  key: string;
  ready?: GPUComputePipeline;
  pending?: Promise<GPUComputePipeline>;
}

/** Receives dispatches in place of the backend's encoder while a step is captured. */
export interface DispatchSink {
  /** @param bytes what the dispatch reads and writes, where that is not all that it binds */
  add(
    pipeline: PipelineEntry,
    bindGroup: GPUBindGroup,
    groups: readonly [number, number, number],
    bytes?: number,
  ): void;
  /** An existing tensor is changed in place. */
  written(dataId: object): void;
}

/** Caches of one backend, hence of one device. */
interface DeviceState {
  pipelines: Map<string, PipelineEntry>;
  layouts: Map<string, GPUBindGroupLayout>;
  /** Uniform buffers by content. They never change, so dispatches and captured plans may share them. */
  uniforms: Map<string, GPUBuffer>;
  sink?: DispatchSink;
}

const states = new WeakMap<object, DeviceState>();

function stateOf(backend: BackendInternals): DeviceState {
  let state = states.get(backend);
  if (!state)
    states.set(backend, (state = { pipelines: new Map(), layouts: new Map(), uniforms: new Map() }));
  return state;
}

/** Sends the backend's dispatches of own kernels to `sink`, or, without one, to its encoder again. */
export function redirectDispatches(backend: BackendInternals, sink: DispatchSink | undefined): void {
  stateOf(backend).sink = sink;
}

export interface DispatchRequest {
  /** One per name in `kernel.inputs`: tensors, or buffers of our own (index lists, uint8 images). */
  inputs: (TensorInfo | GPUBuffer)[];
  /** One per name in `kernel.outputs`: a shape makes a new tensor, a tensor (a variable) is changed in place. */
  outputs: (Fresh | TensorInfo)[];
  uniforms?: Record<string, number>;
  /** Workgroups: a count of any size (see `flat_group`), or a grid of at most 65,535 a side. */
  groups: number | readonly [number, number, number];
  /** Bytes that it reads and writes, where that is not all that it binds: see `Plan.movedBytes`. */
  bytes?: number;
}

/**
 * Records one compute dispatch into the backend's own encoder, in order with the stock operations.
 * @returns the output tensors in the kernel's order. They are not tracked by `tidy`: return them from a registered
 * kernel, or wrap them with `tf.engine().makeTensorFromTensorInfo`.
 * @throws Error when one buffer would be both read and written: WebGPU forbids it.
 */
export function dispatchKernel(tfBackend: unknown, kernel: Kernel, request: DispatchRequest): TensorInfo[] {
  const backend = internalsOf(tfBackend);
  const state = stateOf(backend);
  const outputs = request.outputs.map((output) =>
    'dataId' in output ? output : backend.makeTensorInfo(output.shape, output.dtype ?? 'float32'),
  );
  refuseLarge(kernel, [...request.inputs, ...outputs], backend.device.limits.maxStorageBufferBindingSize);
  const inputBuffers = request.inputs.map((input) => bufferOf(backend, input));
  const outputBuffers = outputs.map((output) => bufferOf(backend, output));
  refuseAliases(kernel, inputBuffers, outputBuffers);
  const groups = gridOf(request.groups, backend.device.limits.maxComputeWorkgroupsPerDimension, kernel.key);
  if (outputs.every((output) => isEmpty(output)) || groups.includes(0)) return outputs;

  const buffers = [...inputBuffers, ...outputBuffers];
  if (buffers.length > PORTABLE_BUFFERS && !kernel.manyBuffers)
    throw new Error(
      `The kernel ${kernel.key} has ${buffers.length} buffers; some devices have ${PORTABLE_BUFFERS}.`,
    );
  if (kernel.uniforms) buffers.push(uniformBuffer(backend, state, kernel.uniforms, request.uniforms ?? {}));
  const layout = layoutOf(backend.device, state, kernel);
  const bindGroup = backend.device.createBindGroup({
    layout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });

  for (const output of request.outputs) {
    if (!('dataId' in output)) continue;
    // `data()` keeps what it read on the host; after a write in place that copy is stale.
    backend.tensorMap.get(output.dataId).values = null;
    state.sink?.written(output.dataId);
  }
  if (state.sink) {
    state.sink.add(pipelineOf(backend.device, state, kernel, layout, true), bindGroup, groups, request.bytes);
    return outputs;
  }
  for (const tensor of [...request.inputs, ...outputs])
    if ('dataId' in tensor) backend.commandQueueOwnedIds.add(tensor.dataId);
  backend.ensureCommandEncoderReady();
  const pass = (backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass());
  pass.setPipeline(pipelineOf(backend.device, state, kernel, layout, false).ready!);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...groups);
  // Long passes are cheaper than the backend's habit of submitting every 15 dispatches, but a submit now and then
  // lets the device start while the host still records.
  if (++backend.dispatchCountInPass >= MAX_DISPATCHES_PER_SUBMIT) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  return outputs;
}

/**
 * Compiles a kernel beside others, before it is needed.
 * @throws GPUPipelineError when the driver refuses it; what the shader's compiler says goes to the device's error scope
 */
export async function compileKernel(tfBackend: unknown, kernel: Kernel): Promise<void> {
  const { device } = internalsOf(tfBackend);
  const state = stateOf(internalsOf(tfBackend));
  const entry = pipelineOf(device, state, kernel, layoutOf(device, state, kernel), true);
  if (!entry.ready) await entry.pending;
}

const MAX_DISPATCHES_PER_SUBMIT = 64;

/**
 * Storage buffers that every WebGPU device allows in a shader. A developer's device often allows more, so that a kernel that needs
 * more would fail only elsewhere; therefore it is refused everywhere.
 */
const PORTABLE_BUFFERS = 8;

/** Gives back an untracked tensor that `dispatchKernel` made: a kernel's scratch space. */
export function releaseScratch(tfBackend: unknown, tensor: TensorInfo): void {
  internalsOf(tfBackend).disposeData(tensor.dataId);
}

const isEmpty = (tensor: TensorInfo) => tensor.shape.includes(0);

/** The tensor's buffer, uploaded if need be. An empty tensor gets a small one, as empty bindings are not allowed. */
function bufferOf(backend: BackendInternals, operand: TensorInfo | GPUBuffer): GPUBuffer {
  if (!('dataId' in operand)) return operand;
  if (isEmpty(operand)) {
    backend.tensorMap.get(operand.dataId).values ??=
      operand.dtype === 'int32' ? new Int32Array(0) : new Float32Array(0);
    return backend.device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE });
  }
  backend.uploadToGPU(operand.dataId);
  return backend.tensorMap.get(operand.dataId).resource!;
}

function refuseAliases(kernel: Kernel, inputs: GPUBuffer[], outputs: GPUBuffer[]): void {
  if (outputs.some((buffer, i) => inputs.includes(buffer) || outputs.indexOf(buffer) !== i))
    throw new Error(`The kernel ${kernel.key} was given one buffer to read and to write.`);
}

/**
 * Some devices bind no more than 128 MiB at a time, and some browsers allow no more on any device.
 * @throws LetheError when an operand is larger
 */
function refuseLarge(kernel: Kernel, operands: (TensorInfo | GPUBuffer)[], limit: number): void {
  for (const operand of operands) {
    const bytes = 'dataId' in operand ? 4 * sizeOf(operand.shape) : operand.size;
    if (bytes > limit)
      throw new LetheError(
        `This device holds at most ${Math.floor(limit / 2 ** 20)} MiB in one piece, but the kernel ${kernel.key} needs one of ${Math.ceil(bytes / 2 ** 20)}: choose smaller batches, split those of a study with "microBatch", or choose a smaller network.`,
      );
  }
}

/**
 * The grid of a dispatch; a count is spread over two sides.
 * @throws LetheError when a side is longer than the device allows, which only very large batches are
 */
export function gridOf(
  groups: DispatchRequest['groups'],
  limit: number,
  key: string,
): readonly [number, number, number] {
  const grid =
    typeof groups === 'number' ? ([Math.min(groups, limit), Math.ceil(groups / limit), 1] as const) : groups;
  if (grid.some((count) => count > limit))
    throw new LetheError(
      `A batch is too large for this device: its kernel ${key} would need ${grid.join(' × ')} workgroups, of at most ${limit} a side. Choose smaller batches, or split those of a study with "microBatch".`,
    );
  return grid;
}

function uniformBuffer(
  backend: BackendInternals,
  state: DeviceState,
  types: NonNullable<Kernel['uniforms']>,
  values: Record<string, number>,
): GPUBuffer {
  const bytes = packUniforms(types, values);
  const key = new Uint32Array(bytes).join(',');
  let buffer = state.uniforms.get(key);
  if (!buffer) {
    buffer = backend.device.createBuffer({
      size: bytes.byteLength,
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(bytes));
    buffer.unmap();
    // Dropping the references suffices: bind groups still in use keep their buffers alive.
    if (state.uniforms.size >= MAX_CACHED_UNIFORMS) state.uniforms.clear();
    state.uniforms.set(key, buffer);
  }
  return buffer;
}

const MAX_CACHED_UNIFORMS = 4096;

/** Explicit layouts, so that bind groups do not wait for pipelines and may hold buffers that a shader leaves unused. */
function layoutOf(device: GPUDevice, state: DeviceState, kernel: Kernel): GPUBindGroupLayout {
  const types: GPUBufferBindingType[] = [
    ...Object.keys(kernel.inputs).map(() => 'read-only-storage' as const),
    ...Object.keys(kernel.outputs).map(() => 'storage' as const),
    ...(kernel.uniforms ? ['uniform' as const] : []),
  ];
  const key = types.join();
  let layout = state.layouts.get(key);
  if (!layout) {
    layout = device.createBindGroupLayout({
      entries: types.map((type, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type },
      })),
    });
    state.layouts.set(key, layout);
  }
  return layout;
}

/** @param later true: the pipeline compiles in parallel with others; false: it is ready on return. */
function pipelineOf(
  device: GPUDevice,
  state: DeviceState,
  kernel: Kernel,
  layout: GPUBindGroupLayout,
  later: boolean,
): PipelineEntry {
  let entry = state.pipelines.get(kernel.key);
  if (!entry) state.pipelines.set(kernel.key, (entry = { key: kernel.key }));
  if (entry.ready || (later && entry.pending)) return entry;
  const descriptor: GPUComputePipelineDescriptor = {
    label: kernel.key,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: {
      module: device.createShaderModule({ label: kernel.key, code: shaderCode(kernel) }),
      entryPoint: 'main',
    },
  };
  if (!later) entry.ready = device.createComputePipeline(descriptor);
  else {
    const waiting = entry;
    const pending = device
      .createComputePipelineAsync(descriptor)
      .then((pipeline) => (waiting.ready ??= pipeline));
    // A plan that was given up awaits no pipeline: without this its failure would be an unhandled rejection.
    pending.catch(() => {});
    entry.pending = pending;
  }
  return entry;
}
