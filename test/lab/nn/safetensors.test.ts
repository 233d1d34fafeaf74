import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../src/lab/nn/safetensors';
import { LetheError } from '../../../src/lab/settings';

const tensor = fc.oneof(
  fc.float32Array({ maxLength: 40 }),
  fc.int32Array({ maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }),
);

test('safetensors: reads back what it writes, bit for bit', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), tensor), (arrays) => {
      const { __metadata__: _, ...rest } = arrays;
      const tensors = Object.fromEntries(
        Object.entries(rest).map(([name, data]) => [name, { shape: [data.length], data }]),
      );
      expect(decodeSafetensors(encodeSafetensors(tensors))).toEqual(tensors);
    }),
  );
});

test('safetensors: refuses a cut or scrambled file in one sentence', () => {
  const file = encodeSafetensors({ a: { shape: [2, 3], data: new Float32Array(6) } });
  fc.assert(
    fc.property(fc.nat(file.length - 1), (length) => {
      expect(() => decodeSafetensors(file.subarray(0, length))).toThrow(LetheError);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
      try {
        decodeSafetensors(noise);
      } catch (error) {
        expect(error).toBeInstanceOf(LetheError);
      }
    }),
  );
});

test('safetensors: refuses a 64-bit number that 32 bits do not hold', () => {
  const file = (value: bigint) => {
    const header = JSON.stringify({ labels: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } });
    const bytes = new Uint8Array(8 + header.length + 8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    new DataView(bytes.buffer).setBigInt64(8 + header.length, value, true);
    return bytes;
  };
  expect(decodeSafetensors(file(-(2n ** 31n))).labels!.data).toEqual(Int32Array.of(-(2 ** 31)));
  for (const value of [2n ** 31n, 2n ** 32n + 1n, -(2n ** 63n)])
    expect(() => decodeSafetensors(file(value))).toThrow(/"labels" holds a number that 32 bits do not hold/);
});

test('safetensors: half, bfloat, double and int64 tensors become float32 and int32', () => {
  const header = JSON.stringify({
    half: { dtype: 'F16', shape: [3], data_offsets: [0, 6] },
    brain: { dtype: 'BF16', shape: [1], data_offsets: [6, 8] },
    double: { dtype: 'F64', shape: [1], data_offsets: [8, 16] },
    long: { dtype: 'I64', shape: [1], data_offsets: [16, 24] },
  });
  const body = new ArrayBuffer(24);
  new Uint16Array(body).set([0x3c00, 0xc100, 0x0001, 0x3f80]);
  new Float64Array(body).set([0.5], 1);
  new BigInt64Array(body).set([-7n], 2);
  const file = new Uint8Array(8 + header.length + 24);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(new TextEncoder().encode(header), 8);
  file.set(new Uint8Array(body), 8 + header.length);
  const tensors = decodeSafetensors(file);
  expect([...tensors.half!.data]).toEqual([1, -2.5, 2 ** -24]);
  expect([...tensors.brain!.data, ...tensors.double!.data, ...tensors.long!.data]).toEqual([1, 0.5, -7]);
});
