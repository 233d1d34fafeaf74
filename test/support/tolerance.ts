import { expect } from 'vitest';

interface Tolerance {
  tensor: number;
  overall: number;
}

/** `expect(deviation(…)).toBeWithin(spec.tolerance.…)`: the golden cases' measure, see test/golden/README.md. */
expect.extend({
  toBeWithin(deviation: Tolerance & { worst: string }, tolerance: Tolerance) {
    const pass = deviation.tensor <= tolerance.tensor && deviation.overall <= tolerance.overall;
    return {
      pass,
      message: () =>
        `worst tensor ${deviation.worst} off by ${deviation.tensor.toExponential(2)} (allowed ${tolerance.tensor}), ` +
        `all together by ${deviation.overall.toExponential(2)} (allowed ${tolerance.overall})`,
    };
  },
});

declare module 'vitest' {
  interface Assertion {
    toBeWithin(tolerance: Tolerance): void;
  }
}
