/** A line w·x + b whose sign classifies. */
export interface Logistic {
  w: number;
  b: number;
}

/**
 * One-dimensional logistic regression as scikit-learn's default: minimises w²/2 + Σ log(1 + exp(−s·(w·x + b))), s = ±1, b not
 * penalised, by Newton's method with step halving.
 */
export function fitLogistic(x: Float64Array, targets: Uint8Array): Logistic {
  const objective = (w: number, b: number) => {
    let value = (w * w) / 2;
    for (let i = 0; i < x.length; i++) {
      const margin = (targets[i] ? 1 : -1) * (w * x[i]! + b);
      value += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
    }
    return value;
  };
  let w = 0;
  let b = 0;
  let value = objective(w, b);
  for (let iteration = 0; iteration < 100; iteration++) {
    let gw = w;
    let gb = 0;
    let hww = 1;
    let hwb = 0;
    let hbb = 0;
    for (let i = 0; i < x.length; i++) {
      const p = 1 / (1 + Math.exp(-(w * x[i]! + b)));
      const error = p - targets[i]!;
      const weight = p * (1 - p);
      gw += error * x[i]!;
      gb += error;
      hww += weight * x[i]! * x[i]!;
      hwb += weight * x[i]!;
      hbb += weight;
    }
    const determinant = hww * hbb - hwb * hwb;
    const dw = (hbb * gw - hwb * gb) / determinant;
    const db = (hww * gb - hwb * gw) / determinant;
    let step = 1;
    let next = objective(w - dw, b - db);
    while (!(next <= value) && step > 1e-12) {
      step /= 2;
      next = objective(w - step * dw, b - step * db);
    }
    if (!(next < value)) break;
    w -= step * dw;
    b -= step * db;
    value = next;
  }
  return { w, b };
}
