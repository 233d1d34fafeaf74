import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFloats, encodeFloats } from '../../../src/lab/study/floats';
import { fixtureSpec, fixtureStudy } from '../../support/fixture-study';

test('encodeFloats: floats survive bit for bit', () => {
  fc.assert(
    fc.property(fc.float32Array(), (values) => {
      expect(decodeFloats(encodeFloats(values))).toEqual(values);
    }),
  );
});

test('encodeFloats: the bytes are little-endian', () => {
  expect(atob(encodeFloats(new Float32Array([1])))).toBe('\x00\x00\x80\x3f');
});

test('fixture study: a resnet8 with a map per strategy', () => {
  const spec = fixtureSpec();
  expect(spec.size).toBe(77_754);
  const units = spec.parameters.reduce((sum, parameter) => sum + parameter.shape[0]!, 0);
  for (const map of fixtureStudy().detail.maps)
    expect(decodeFloats(map.scores).length).toBe(map.granularity === 'channel' ? units : spec.size);
});
