import fc from 'fast-check';
import type { Scores } from '../../src/lab/localize/scores';
import type { ModelSpec } from '../../src/lab/nn/spec';
import { sizeOf } from '../../src/lab/tensors';

/** What a budget is cut from: a network of any tensors with any finite scores, and an alpha. */
export interface AnyCut {
  spec: ModelSpec;
  scores: Scores;
  alpha: number;
}

/** Matrices, filters, vectors and a scalar; all parameters together stay below some thousand weights. */
const shape = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 12 })),
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 })),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.constant(3), fc.constant(3)),
  fc.constant([]),
);

/** Few values, so that ties abound; zeros of both signs, numbers below the normal range, and the largest there are. */
const tied = fc.constantFrom(0, -0, 1, 1.0000001, -1, 1e-44, 2e-44, -1e-44, 3.4e38, -3.4e38);
const any = fc.float({ noNaN: true, noDefaultInfinity: true });

/** Shares at the ends, at and beside those where another scalar fits in, and any others. */
function alphaOf(size: number): fc.Arbitrary<number> {
  const beside = fc
    .tuple(fc.nat(size), fc.constantFrom(-Number.EPSILON, 0, Number.EPSILON))
    .map(([budget, off]) => Math.min(1, Math.max(0, budget / size + off)));
  return fc.oneof(fc.constantFrom(0, 1), beside, fc.double({ min: 0, max: 1, noNaN: true }));
}

/** Any cut of channels or single weights. */
export function anyCut(granularity: Scores['granularity']): fc.Arbitrary<AnyCut> {
  return fc.array(shape, { minLength: 1, maxLength: 6 }).chain((shapes) => {
    const parameters = shapes.map((own, i) => ({ name: `p${i}`, shape: own }));
    const lengths = shapes.map((own) =>
      granularity === 'channel' && own.length > 1 ? own[0]! : sizeOf(own),
    );
    const size = shapes.reduce((sum, own) => sum + sizeOf(own), 0);
    const list = (length: number) =>
      fc.constantFrom(tied, any).chain((value) => fc.array(value, { minLength: length, maxLength: length }));
    return fc.record({
      spec: fc.constant({ parameters, size } as unknown as ModelSpec),
      scores: fc.tuple(...lengths.map(list)).map(
        (lists): Scores => ({
          granularity,
          values: Object.fromEntries(lists.map((values, i) => [`p${i}`, Float32Array.from(values)])),
        }),
      ),
      alpha: alphaOf(size),
    });
  });
}
