import { expect, test } from 'vitest';
import type { DeviceImages } from '../../../src/lab/gpu/dataset';
import type { DeviceData } from '../../../src/lab/train/device-data';
import type { Network } from '../../../src/lab/train/network';
import type { Optimizer } from '../../../src/lab/train/optimizer';
import { createStep } from '../../../src/lab/train/step';

test('step: where the device is lost amid the pieces of a batch, that alone is told', async () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  const lost = new Error('The device was lost.');
  let runs = 0;
  const runner = {
    refusal: undefined,
    // The first piece's loss never comes; the second is refused at once.
    async run() {
      if (++runs > 1) throw lost;
      return { value: Promise.reject<Float32Array>(lost) };
    },
    dispose() {},
  };
  const train = {
    count: 4,
    augments: false,
    fetch: async (indices: Int32Array) => ({ indices }),
    put: () => ({ indices: { dispose() {} } }),
  } as unknown as DeviceImages;
  const step = createStep(
    { spec: { parameters: [] }, variables: {} } as unknown as Network,
    { train } as DeviceData,
    { variables: [] } as unknown as Optimizer,
    runner,
    { objective: () => expect.unreachable('nothing is traced'), microBatch: 2 },
  );
  const pieces = await step.fetch({ retain: Int32Array.of(0, 1, 2, 3) });
  expect(pieces).toHaveLength(2);
  await expect(step.run(pieces, 1)).rejects.toBe(lost);
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', listener);
  expect(unhandled).toEqual([]);
});
