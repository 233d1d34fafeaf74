/** Mean of repeats with its Student-t confidence interval (METHOD section 3: n, standard deviation and interval are reported). */
export interface Interval {
  n: number;
  mean: number;
  /** Sample standard deviation (divisor n − 1); absent for one value. */
  std?: number;
  /** Half the interval's width, t·std/√n; absent for one value. */
  half?: number;
}

/** @param values at least one @param level confidence, 0 to 1 */
export function studentInterval(values: readonly number[], level = 0.95): Interval {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { n, mean };
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  return { n, mean, std, half: (studentQuantile((1 + level) / 2, n - 1) * std) / Math.sqrt(n) };
}

/** The interval of the values that are known; undefined where none is. */
export function knownInterval(values: readonly (number | undefined)[]): Interval | undefined {
  const known = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  return known.length > 0 ? studentInterval(known) : undefined;
}

/** t with P(T ≤ t) = p for `freedom` degrees of freedom; p from 0.5 up to below 1. */
export function studentQuantile(p: number, freedom: number): number {
  // P(T > t) = I_x(freedom/2, 1/2) / 2 at x = freedom / (freedom + t²), which rises with x: bisection never fails.
  let low = 0;
  let high = 1;
  for (let i = 0; i < 200; i++) {
    const x = (low + high) / 2;
    if (regularisedBeta(x, freedom / 2, 0.5) / 2 > 1 - p) high = x;
    else low = x;
  }
  return Math.sqrt(freedom * (1 / low - 1));
}

/** I_x(a, b) by Lentz's continued fraction (Press et al., Numerical Recipes, section 6.4). */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return (front * fraction) / a;
}

/** Stirling's series, after lifting the argument above 10; exact to about 1e-15. */
function logGamma(value: number): number {
  let x = value;
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
