import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeAdapter } from '../../src/lab/gpu/adapter';

test('a software adapter that has nothing to do leaves the event loop idle', async ({ skip }) => {
  const adapter = await navigator.gpu.requestAdapter();
  if (!describeAdapter(adapter!.info).software) return skip('a GPU is asked at every turn');
  const device = await adapter!.requestDevice();
  const before = performance.eventLoopUtilization();
  await wait(500);
  const { utilization } = performance.eventLoopUtilization(before);
  device.destroy();
  // It is 1 where Dawn asks at every turn of the loop, and was 0.03 here on two busy cores.
  expect(utilization).toBeLessThan(0.5);
});

test('what is not Dawn’s still comes with the next turn', async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    setTimeout(() => resolve(), 20);
    setImmediate((name: string) => order.push(name), 'immediate');
    order.push('now');
  });
  expect(order).toEqual(['now', 'immediate']);
});
