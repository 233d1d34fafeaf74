export interface Estimate {
  mean: number;
  n: number;
  /** Half the width of the 95 % Student-t interval of the mean; absent for one value. */
  half?: number;
}

/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Mean and 95 % t-interval over seeds; undefined without values. */
export function estimate(values: readonly (number | undefined)[]): Estimate | undefined {
  const known = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const n = known.length;
  if (n === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, n };
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, n, half: (T_95[n - 2] ?? 1.96) * Math.sqrt(variance / n) };
}
