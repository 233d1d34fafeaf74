/**
 * C-SVC with an RBF kernel as libsvm solves it: sequential minimal optimisation with second-order working sets (Fan, Chen and Lin
 * 2005), written from the paper and without anything of Lethe. `float32` rounds the kernel as libsvm's cache does.
 */
export interface ReferenceSvc {
  intercept: number;
  /** Positive means member. */
  decide(x: number): number;
}

export function referenceSvc(
  x: number[],
  members: boolean[],
  {
    C,
    gamma,
    tolerance,
    float32 = false,
  }: { C: number; gamma: number; tolerance: number; float32?: boolean },
): ReferenceSvc {
  const n = x.length;
  const y = members.map((member) => (member ? 1 : -1));
  const round = float32 ? Math.fround : (value: number) => value;
  const kernel = (a: number, b: number) => Math.exp(-gamma * (a - b) ** 2);
  const q = x.map((a, i) => Float64Array.from(x, (b, j) => round(y[i]! * y[j]! * kernel(a, b))));
  const alpha = new Float64Array(n);
  const slope = new Float64Array(n).fill(-1);
  const canRise = (t: number) => (y[t]! > 0 ? alpha[t]! < C : alpha[t]! > 0);
  const canFall = (t: number) => (y[t]! > 0 ? alpha[t]! > 0 : alpha[t]! < C);
  for (let iteration = 0; iteration < 1_000_000; iteration++) {
    let i = -1;
    let most = -Infinity;
    for (let t = 0; t < n; t++) {
      const value = -y[t]! * slope[t]!;
      if (canRise(t) && value >= most) [most, i] = [value, t];
    }
    let j = -1;
    let least = Infinity;
    let best = Infinity;
    for (let t = 0; t < n; t++) {
      if (!canFall(t)) continue;
      const value = -y[t]! * slope[t]!;
      least = Math.min(least, value);
      const gain = most - value;
      if (i < 0 || gain <= 0) continue;
      const curve = Math.max(2 - 2 * y[i]! * y[t]! * q[i]![t]!, 1e-12);
      if (-(gain * gain) / curve <= best) [best, j] = [-(gain * gain) / curve, t];
    }
    if (i < 0 || j < 0 || most - least < tolerance) break;
    // Moves along y_i·d, −y_j·d, the only direction of two variables that keeps Σ y·α.
    const curve = Math.max(2 - 2 * y[i]! * y[j]! * q[i]![j]!, 1e-12);
    const room = (t: number, direction: number) => (direction > 0 ? C - alpha[t]! : alpha[t]!);
    const [up, down] = [room(i, y[i]!), room(j, -y[j]!)];
    const step = Math.min((most + y[j]! * slope[j]!) / curve, up, down);
    const before = [alpha[i]!, alpha[j]!];
    alpha[i] = step === up ? (y[i]! > 0 ? C : 0) : alpha[i]! + y[i]! * step;
    alpha[j] = step === down ? (y[j]! < 0 ? C : 0) : alpha[j]! - y[j]! * step;
    const [di, dj] = [alpha[i]! - before[0]!, alpha[j]! - before[1]!];
    for (let t = 0; t < n; t++) slope[t]! += q[i]![t]! * di + q[j]![t]! * dj;
  }
  let [free, sum, high, low] = [0, 0, Infinity, -Infinity];
  for (let t = 0; t < n; t++) {
    const value = -y[t]! * slope[t]!;
    if (alpha[t]! > 0 && alpha[t]! < C) [free, sum] = [free + 1, sum + value];
    else if (canRise(t)) low = Math.max(low, value);
    else high = Math.min(high, value);
  }
  const intercept = free > 0 ? sum / free : (low + high) / 2;
  return {
    intercept,
    decide: (at) =>
      x.reduce((total, other, t) => total + alpha[t]! * y[t]! * kernel(at, other), 0) + intercept,
  };
}
