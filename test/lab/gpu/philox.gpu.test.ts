import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { randomUniform, randomWords } from '../../../src/lab/gpu/philox';
import { randomStream } from '../../../src/lab/rng';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => {
  device.check();
  device.dispose();
});

test.each([1, 3, 4, 1001])('%i numbers are those of the host', async (count) => {
  const host = randomStream(7, 'augment', count);
  const expected = Uint32Array.from({ length: count }, () => host.next());
  const words = (await randomWords(host, [count]).data()) as Int32Array;
  expect(new Uint32Array(words.buffer, words.byteOffset, count)).toEqual(expected);
  expect(await randomUniform(host, [count]).data()).toEqual(
    Float32Array.from(expected, (word) => (word >>> 8) / 2 ** 24),
  );
});

test('a stream can be entered at any block of four', async () => {
  const stream = randomStream(7, 'skip');
  const all = await randomUniform(stream, [40]).data();
  expect(await randomUniform(stream, [2, 6], 5).data()).toEqual(all.slice(20, 32));
});
