import fc from 'fast-check';
import { beforeAll, expect, test, vi } from 'vitest';
import { type Lifetime, PlanMemory, placeValues } from '../../../src/lab/gpu/memory';

beforeAll(() => {
  vi.stubGlobal('GPUBufferUsage', { STORAGE: 128 });
  return () => vi.unstubAllGlobals();
});

const lifetimes: fc.Arbitrary<Lifetime[]> = fc.array(
  fc
    .record({ size: fc.integer({ min: 1, max: 50 }), first: fc.nat(30), length: fc.nat(10) })
    .map(({ size, first, length }) => ({ size, first, last: first + length })),
  { maxLength: 40 },
);

/** Expects that no two values share a place while both are needed, and that every place is large enough. */
function expectApart<Place>(values: Lifetime[], places: Place[], sizeOf: (place: Place) => number) {
  values.forEach((value, i) => {
    expect(sizeOf(places[i]!)).toBeGreaterThanOrEqual(value.size);
    values.slice(0, i).forEach((other, j) => {
      if (places[i] === places[j]) expect(other.last < value.first || value.last < other.first).toBe(true);
    });
  });
}

test('placeValues: values needed at the same time never share a block, and every block is large enough', () => {
  fc.assert(
    fc.property(lifetimes, (values) => {
      const { block, sizes } = placeValues(values);
      expectApart(values, block, (index) => sizes[index]!);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    }),
  );
});

test('placeValues: a chain of equal values needs two blocks', () => {
  const chain = Array.from({ length: 9 }, (_, i) => ({ size: 8, first: i, last: i + 1 }));
  expect(placeValues(chain).sizes).toEqual([8, 8]);
});

test('PlanMemory: plans share memory, and a plan made again needs no more', () => {
  const device = { createBuffer: ({ size }: GPUBufferDescriptor) => ({ size }) } as unknown as GPUDevice;
  fc.assert(
    fc.property(lifetimes, lifetimes, (one, other) => {
      const memory = new PlanMemory();
      const alone = new PlanMemory().place(device, other).added;
      memory.place(device, one);
      for (const plan of [one, other]) {
        const { buffers, ...more } = memory.place(device, plan);
        expectApart(plan, buffers, ({ size }) => size);
        expect(more.added).toBeLessThanOrEqual(plan === one ? 0 : alone);
        expect(memory.place(device, plan).added).toBe(0);
      }
    }),
  );
});
