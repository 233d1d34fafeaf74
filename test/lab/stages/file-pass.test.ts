import { createHash, randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { abortError } from '../../../src/lab/abort';
import { encodeCheckpoint, readWeights } from '../../../src/lab/nn/checkpoint';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { encodeSafetensors } from '../../../src/lab/nn/safetensors';
import { PIECE_BYTES, type Ranges, rangesOf } from '../../../src/lab/ranges';
import { createSha256, hexOf } from '../../../src/lab/sha256';
import { filePass } from '../../../src/lab/stages/common/file-pass';
import { keepCheckpoint, readGivenFile } from '../../../src/lab/stages/common/given-weights';
import { memoryStore } from '../../../src/lab/store/memory';
import type { LoadProgress } from '../../../src/lab/watch';
import { npyFile } from '../../support/data-files';
import { encodeTorchFile } from '../../support/torch-file';

/** Also to compare megabytes, which `toEqual` takes minutes for. */
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A file that counts the bytes that are asked of it. */
function counted(bytes: Uint8Array): Ranges & { read(): number } {
  const file = rangesOf(bytes);
  let read = 0;
  return {
    byteLength: file.byteLength,
    async slice(from, to) {
      const part = await file.slice(from, to);
      read += part.byteLength;
      return part;
    },
    read: () => read,
  };
}

test('createSha256: the digest of Node, whatever the pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
      const hash = createSha256();
      for (const piece of pieces) hash.update(piece);
      expect(hexOf(hash.digest())).toBe(sha256(Buffer.concat(pieces)));
    }),
  );
});

test('filePass: gives any ranges in any order, and in the end the hash of the whole', async () => {
  const bytes = randomFillSync(new Uint8Array(2 * PIECE_BYTES + 1000));
  const place = fc.nat(bytes.length);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(place, place), { maxLength: 5 }), fc.nat(5), async (ranges, first) => {
      const pass = filePass(bytes);
      const take = async ([a, b]: [number, number]) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const part = new Uint8Array(await pass.slice(from, to));
        expect(Buffer.compare(part, bytes.subarray(from, to))).toBe(0);
      };
      for (const range of ranges.slice(0, first)) await take(range);
      pass.begin();
      for (const range of ranges.slice(first, -2)) await take(range);
      // Two at once, as the parts of a composed weight are.
      await Promise.all(ranges.slice(-2).map(take));
      expect(await pass.finish()).toBe(sha256(bytes));
    }),
    { numRuns: 30 },
  );
});

/** 9 MB in 20 tensors, the largest of 4.7 MB, which takes two pieces. */
const spec = specOfConfig({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1, 1],
  widths: [128, 360],
  inChannels: 1,
  classes: 10,
});
const weights = initialise(spec, 3);
const data = { shape: [28, 28, 1] as [number, number, number], classes: [...'abcdefghij'] };
const state = { shape: [4 * 2 ** 20], data: new Float32Array(4 * 2 ** 20).fill(Number.NaN) };
const named = (prefix: string) =>
  Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [`${prefix}${name}`, tensor]));
/** An optimizer's state before and behind the network, of which no value can be read as a weight. */
const around = { 'optimizer.first': state, ...named('module.'), 'optimizer.last': state };

const arrays = Object.entries(around).map(([name, { shape, data }]) => [
  `${name}.npy`,
  new Uint8Array(
    Buffer.concat([npyFile(new Uint8Array(), shape, '<f4'), new Uint8Array(data.slice().buffer)]),
  ),
]);

describe.each([
  ['safetensors', encodeSafetensors(around)],
  ['torch.save', encodeTorchFile(around)],
  ['numpy.savez', zipSync(Object.fromEntries(arrays), { level: 0 })],
])('keepCheckpoint, of %s', (_, bytes) => {
  test('reads the file once, skips what is no part of the network, and tells how far it is', async () => {
    const file = counted(bytes);
    const store = memoryStore();
    const told: LoadProgress[] = [];
    const kept = await keepCheckpoint(store, { name: 'a', content: file }, data, {
      onProgress: (progress) => told.push(progress),
    });
    expect(kept.weights.sha256).toBe(sha256(bytes));
    expect(kept.report.leftOut).toEqual(['optimizer.first', 'optimizer.last']);
    const [key] = await store.keys();
    const { checkpoint } = await readWeights((await store.get(key!))!);
    expect(sha256(encodeCheckpoint(spec, checkpoint))).toBe(sha256(encodeCheckpoint(spec, weights)));
    // What says where the tensors lie is read before.
    expect(file.read() - bytes.length).toBeLessThan(PIECE_BYTES / 4);
    expect(told.map(({ done }) => done)).toEqual(
      Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, i) =>
        Math.min(bytes.length, (i + 1) * PIECE_BYTES),
      ),
    );
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([bytes.length]));
  });

  test('that is cancelled keeps nothing', async () => {
    for (const piece of [1, 5]) {
      const store = memoryStore();
      const end = new AbortController();
      const onProgress = ({ done }: LoadProgress) => {
        if (done >= piece * PIECE_BYTES) end.abort(abortError());
      };
      const file = counted(bytes);
      const watch = { signal: end.signal, onProgress };
      await expect(keepCheckpoint(store, { name: 'a', content: file }, data, watch)).rejects.toThrow(
        'cancelled',
      );
      expect(await store.keys()).toEqual([]);
      // The piece that was read ahead is the last.
      expect(file.read()).toBeLessThan((piece + 2) * PIECE_BYTES);
    }
  });

  test('that fits no network is refused before its values are read', async () => {
    const file = counted(bytes);
    const grey = { ...data, shape: [28, 28, 3] as [number, number, number] };
    await expect(keepCheckpoint(memoryStore(), { name: 'a', content: file }, grey)).rejects.toThrow(
      '1 colour channels',
    );
    const other = specOfConfig({ ...spec.config, classes: 9 } as typeof spec.config);
    await expect(readGivenFile({ name: 'a', content: file }, 'weights', other)).rejects.toThrow('fc.weight');
    await expect(readGivenFile({ name: 'a', content: file }, 'mask', other)).rejects.toThrow('no mask');
    // Three times where the tensors lie.
    expect(file.read()).toBeLessThan(PIECE_BYTES / 2);
  });
});
