import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDevice } from '../src/lab/gpu/device';
import type { DeviceDescription } from '../src/lab/study/result';
import { casesFor, fullCases } from './cases';
import { jaxNetwork } from './jax';
import { plannedRow, reportRow, textTable, writeReport } from './report';
import { type Measured, runCase } from './run-case';
import { type HostCost, hostCost, type PlannedStep, plannedStep, withoutDevice } from './without-device';

/** jax-js's kernels take minutes to compile on a CPU rasteriser, so it runs only these networks. */
const JAX = (process.env.BENCH_JAX ?? 'resnet8,resnet18,vit-192x4').split(',');

const results: (Measured & HostCost)[] = [];
let adapter: DeviceDescription;

beforeAll(async () => {
  const device = await openDevice();
  adapter = device.description;
  device.dispose();
});

it.each(['resnet8', 'resnet18', 'vit-192x4'] as const)('%s', async (name) => {
  const benchCase = casesFor(adapter.software)[name];
  const host = await withoutDevice(() => hostCost(benchCase));
  const jax = JAX.includes(name) ? () => jaxNetwork(benchCase) : undefined;
  const device = await openDevice();
  results.push({ ...(await runCase(benchCase, device, { jax })), ...host });
  // Printed after each network, since the whole run takes long.
  console.log(textTable(results.slice(-1).map(reportRow)));
  expect(device.check).not.toThrow();
  device.dispose();
});

afterAll(async () => {
  const planned: PlannedStep[] = [];
  for (const full of Object.values(fullCases)) planned.push(await withoutDevice(() => plannedStep(full)));
  console.log(textTable(results.map(reportRow)));
  console.log(textTable(planned.map(plannedRow)));
  writeReport(adapter, { planned, results });
});
