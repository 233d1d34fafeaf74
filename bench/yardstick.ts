import { lines } from '../src/lab/gpu/kernel';
import type { Contestant } from './measure';

/** A square float32 matrix product in plain WGSL on plain WebGPU: what a device reaches without TF.js or Lethe around it. */
export interface Yardstick extends Contestant {
  gflop: number;
}

/** How a product is cut up: values per thread, threads per side of a workgroup, WGSL. */
interface Tiling {
  side: number;
  rows: number;
  columns: number;
  threads: number;
  source: (side: number) => string;
}

const bindings = `
  @group(0) @binding(0) var<storage, read> a: array<f32>;
  @group(0) @binding(1) var<storage, read> b: array<vec4f>;
  @group(0) @binding(2) var<storage, read_write> c: array<vec4f>;`;

/** Rows × 8 products of a thread: `a_at(row)` and two vectors of b. */
const accumulate = (rows: number, a: (row: number) => string) =>
  lines(rows, (row) => `low${row} += ${a(row)} * b_low; high${row} += ${a(row)} * b_high;`);
const declare = (rows: number) => lines(rows, (row) => `var low${row} = vec4f(); var high${row} = vec4f();`);
const store = (rows: number, side: number) =>
  lines(
    rows,
    (row) => `
      c[(row + ${row}u) * ${side / 4}u + column / 4u] = low${row};
      c[(row + ${row}u) * ${side / 4}u + column / 4u + 1u] = high${row};`,
  );

/** CPU rasterisers: 4 × 8 values a thread in registers, no shared memory, whose barriers cost them dear. */
const registers: Tiling = {
  side: 512,
  rows: 4,
  columns: 8,
  threads: 8,
  source: (side) => `
    ${bindings}
    @compute @workgroup_size(8, 8)
    fn main(@builtin(global_invocation_id) id: vec3u) {
      let row = id.y * 4u;
      let column = id.x * 8u;
      ${declare(4)}
      for (var k = 0u; k < ${side}u; k++) {
        let b_low = b[k * ${side / 4}u + column / 4u];
        let b_high = b[k * ${side / 4}u + column / 4u + 1u];
        ${accumulate(4, (row) => `a[(row + ${row}u) * ${side}u + k]`)}
      }
      ${store(4, side)}
    }`,
};

/** GPUs: 128 × 128 values a workgroup, 8 × 8 a thread, slices of 8 in shared memory. */
const shared: Tiling = {
  side: 4096,
  rows: 8,
  columns: 8,
  threads: 16,
  source: (side) => `
    ${bindings}
    var<workgroup> a_slice: array<f32, 1024>;
    var<workgroup> b_slice: array<vec4f, 256>;
    @compute @workgroup_size(16, 16)
    fn main(
      @builtin(global_invocation_id) id: vec3u,
      @builtin(workgroup_id) group: vec3u,
      @builtin(local_invocation_id) local: vec3u,
      @builtin(local_invocation_index) lane: u32,
    ) {
      let row = id.y * 8u;
      let column = id.x * 8u;
      ${declare(8)}
      for (var begin = 0u; begin < ${side}u; begin += 8u) {
        let a_row = lane / 2u;
        let a_column = (lane % 2u) * 4u;
        for (var i = 0u; i < 4u; i++) {
          a_slice[(a_column + i) * 128u + a_row] = a[(group.y * 128u + a_row) * ${side}u + begin + a_column + i];
        }
        b_slice[lane] = b[(begin + lane / 32u) * ${side / 4}u + group.x * 32u + lane % 32u];
        workgroupBarrier();
        for (var k = 0u; k < 8u; k++) {
          let b_low = b_slice[k * 32u + local.x * 2u];
          let b_high = b_slice[k * 32u + local.x * 2u + 1u];
          ${accumulate(8, (row) => `a_slice[k * 128u + local.y * 8u + ${row}u]`)}
        }
        workgroupBarrier();
      }
      ${store(8, side)}
    }`,
};

/** Small whole numbers, so that float32 sums are exact. */
const entry = (row: number, column: number) => ((row * 7 + column * 3) % 11) - 5;

/**
 * @param software a CPU rasteriser, which wants another tiling and a smaller product.
 * @throws Error when the device multiplies wrongly.
 */
export async function yardstick(gpu: GPUDevice, software: boolean): Promise<Yardstick> {
  const { side, rows, columns, threads, source } = software ? registers : shared;
  const buffer = (usage: number) => gpu.createBuffer({ size: 4 * side * side, usage });
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const [a, b, c] = [buffer(STORAGE | COPY_DST), buffer(STORAGE | COPY_DST), buffer(STORAGE | COPY_SRC)];
  const values = Float32Array.from({ length: side * side }, (_, i) => entry(Math.floor(i / side), i % side));
  for (const operand of [a!, b!]) gpu.queue.writeBuffer(operand, 0, values);
  const pipeline = await gpu.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: gpu.createShaderModule({ code: source(side) }) },
  });
  const bindGroup = gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [a, b, c].map((resource, binding) => ({ binding, resource: { buffer: resource! } })),
  });
  const run = () => {
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(side / (columns * threads), side / (rows * threads));
    pass.end();
    gpu.queue.submit([encoder.finish()]);
  };

  run();
  const copy = buffer(COPY_DST | MAP_READ);
  const encoder = gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(c!, 0, copy, 0, 4 * side * side);
  gpu.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const product = new Float32Array(copy.getMappedRange());
  for (let i = 0; i < side * side; i += 10_007) {
    let expected = 0;
    for (let k = 0; k < side; k++) expected += entry(Math.floor(i / side), k) * entry(k, i % side);
    if (product[i] !== expected)
      throw new Error(`The yardstick's product is wrong: ${product[i]}, not ${expected}.`);
  }
  copy.destroy();
  return { gflop: (2 * side ** 3) / 1e9, run, wait: () => gpu.queue.onSubmittedWorkDone() };
}
